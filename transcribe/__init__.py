"""Recording to transcript to flags: engines behind one protocol, segmentation, keyword rules, the job worker."""
