"""Flags of a site: rules looked over and tried, transcripts flagged anew, weights from verdicts."""
