"""The commands of chiso, one file a family; `commands` puts them together."""
