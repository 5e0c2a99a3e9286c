"""Imports: files in, revisions out, in a request or in the background; all or none, and a way back."""
