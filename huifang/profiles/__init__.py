"""Policy profiles looked over for people: what is wrong with one, what it demands, where two differ."""
