"""Frameworks: weighted criteria as versioned data, and everything that can be wrong with a document of one."""
