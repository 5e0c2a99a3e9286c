"""Rows of an import: laid out, read as printed without a guess, and merged against what stands."""
