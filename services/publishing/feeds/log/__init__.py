"""How the log is written, and how many read its end at once."""
