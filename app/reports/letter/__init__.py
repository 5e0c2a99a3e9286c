"""The letter that announces results: its parts, each made of what another report tells."""
