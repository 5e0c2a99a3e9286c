"""Proof-reading a letter before it is published."""
