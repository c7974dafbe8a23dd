"""One module, one thing that somebody can ask for; the listing is the list of features."""
