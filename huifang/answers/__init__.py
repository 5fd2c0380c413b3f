"""Measuring how answers are understood: a table of recordings through the very path of a call."""
