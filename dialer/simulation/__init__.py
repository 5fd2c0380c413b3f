"""A virtual clock: the real policy, windows and pacing over months of calls that nobody receives. Pure."""
