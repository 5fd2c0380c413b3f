"""Wording and audio of the shipped prompts, with their manifest. No code."""
