"""How long planning takes, part by part: `bench/plan.py` puts the figures together."""
