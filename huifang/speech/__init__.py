"""Measuring transcripts and flags: a table of recordings through the path of a finished call."""
