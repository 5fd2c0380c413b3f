"""What policy profiles demand, in Chinese, and where two differ."""
