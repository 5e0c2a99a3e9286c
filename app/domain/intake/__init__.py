"""Rows of an import: laid out, read as printed without a guess, and weighed against what stands."""
