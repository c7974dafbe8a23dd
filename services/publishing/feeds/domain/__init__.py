"""The rules of feeds: what may appear, for whom, and what became of it. No I/O, no clock."""
