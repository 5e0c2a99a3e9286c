"""Decide and write, inside the transaction of the caller."""
