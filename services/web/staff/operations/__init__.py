"""The console's pages of operations: what was given up, what happened to something, messages."""
