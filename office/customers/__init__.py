"""Customers as branches send them: files with any heading become rows, bad rows go back to be corrected."""
