"""Templates of letters: Word files with fields, checked and filled in a limited child process (ADR 37)."""
