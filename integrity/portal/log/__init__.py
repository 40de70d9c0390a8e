"""The public log's doors: its static files, proofs as text, and the page that explains them."""
