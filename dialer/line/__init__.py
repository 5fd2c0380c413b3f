"""SIP endpoints in processes of their own: PJSUA2 workers, four calls each, and the supervisor that watches them."""
