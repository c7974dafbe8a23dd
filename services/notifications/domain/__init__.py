"""The rules of telling people things: no I/O, no clock, no chance."""
