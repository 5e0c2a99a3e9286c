"""Checks of figures: those that are stored, and those of a letter that is still a draft."""
