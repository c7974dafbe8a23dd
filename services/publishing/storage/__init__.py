"""What publishing keeps: the only room that knows MongoDB."""
