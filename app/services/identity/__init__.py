"""People whom an identity provider (OpenID Connect) vouches for: its keys, its tokens, and their rights."""
