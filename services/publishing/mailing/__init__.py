"""The mailing engine: a newsletter compiled once, patched per recipient, signed, handed over."""
