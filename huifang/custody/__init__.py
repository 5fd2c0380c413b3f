"""Custody: the audit trail with its anchors, how long material is kept, volumes on discs."""
