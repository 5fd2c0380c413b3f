"""Drills: a site proves its own installation before it trusts it."""
