"""The evaluation corpus of free speech: `python -m bench.speech DIR` renders it (docs/speech.md)."""
