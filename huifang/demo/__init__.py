"""The demonstration: simulated customers in their own process, one campaign, its story at the end."""
