"""Single letters to a mail server; newsletters have an engine of their own."""
