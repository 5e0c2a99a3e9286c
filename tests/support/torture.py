"""How often the tests of chance try: `make test` does so once, `make torture` (or `TORTURE=25`) so many times."""

import os

ROUNDS = int(os.environ.get("TORTURE", "1"))
SEED = 766 if ROUNDS == 1 else None
"""The short form makes the same choices whenever it runs; the long one makes new ones."""
