"""Simulated customers who answer real SIP calls: they hear, wait for quiet and speak."""
