"""Pages of the officials' area: files on the desk, learning, and what an official sees of himself."""
