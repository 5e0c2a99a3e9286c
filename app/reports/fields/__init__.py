"""The fields of a letter: what each is called and means, how it is printed, and where its figure is from."""
