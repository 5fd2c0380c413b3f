"""Far ends of every behaviour that is known of carriers and phones, and what becomes of a call to each."""
