"""Data shipped with huifang: settings, policy profiles, scripts, keyword rules, personas. No code."""
