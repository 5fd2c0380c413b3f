"""What programs of the firm do here by REST."""
