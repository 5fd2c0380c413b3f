"""Everything kept: schema, migrations, named queries, call ledger, job queue, transcripts and their search index."""
