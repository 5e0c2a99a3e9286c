"""`python -m app.cli` is `chiso`."""

from app.cli.commands import main

if __name__ == "__main__":
    main()
