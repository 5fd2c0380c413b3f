"""Scripts for the people who approve them: compared, walked through, drawn, filed (S1)."""
