"""What stored figures show to be wrong or odd."""
