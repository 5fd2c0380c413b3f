"""Whom a firm must call, by when, and who may do it: duties, obligations, samples, worksheets. Pure."""
