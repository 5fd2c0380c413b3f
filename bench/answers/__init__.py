"""The evaluation set of answers: `python -m bench.answers DIR` renders it (docs/answers.md)."""
