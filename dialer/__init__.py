"""Whom to call when, and one call end to end. `dialer/line/` alone knows PJSUA2."""
