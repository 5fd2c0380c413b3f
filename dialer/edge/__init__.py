"""The edge: a SIP proxy (Kamailio) between the line workers and the trunks. See docs/edge.md."""
