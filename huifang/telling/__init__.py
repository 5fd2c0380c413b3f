"""Listeners outside are told of what happens: by signed web requests, and by mail."""
