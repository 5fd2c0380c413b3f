"""The console: pages in a browser for those who review, listen, plan and supervise."""
