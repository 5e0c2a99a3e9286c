"""How often the tests of chance try: `make test` does so once, `make chance` (or `ROUNDS=25`) so many times."""

import os

ROUNDS = int(os.environ.get("ROUNDS", "1"))
