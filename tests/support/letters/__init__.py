"""The letters that ship, drawn up as Word files with fields; `python -m tests.support.letters.make` writes them."""
