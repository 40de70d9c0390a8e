"""/me/: what a recorded person, an organisation's representative or an official sees of himself (山东条例 37)."""
