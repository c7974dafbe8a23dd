"""Partners read what happened here: one log, the same entries through every door."""
