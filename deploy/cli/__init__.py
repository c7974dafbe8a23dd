"""The `safespace` command: everything a person at a terminal, or a script, asks of a copy."""
