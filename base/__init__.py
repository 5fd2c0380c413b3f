"""What every room stands on: errors, clock, logs, files, telephone audio and numbers."""
