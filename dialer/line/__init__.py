"""SIP endpoints in processes of their own: PJSUA2 workers and the supervisor that watches them."""
