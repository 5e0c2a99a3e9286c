"""Answers beyond the score: why it changed, what the next class takes, how sure a rank is."""
