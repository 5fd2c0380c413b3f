"""`huifang simulate`: months of calling on a virtual clock, judged, drawn and compared."""
