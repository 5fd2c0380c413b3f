"""Everything kept: schema, migrations, call ledger, job queue, transcripts and their search index."""
