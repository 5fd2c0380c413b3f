"""Recording to transcript to flags: engines behind one protocol, segments, keyword rules, the worker."""
