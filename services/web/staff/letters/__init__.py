"""The console's pages of newsletters: writing them, sending them, and who gets them."""
