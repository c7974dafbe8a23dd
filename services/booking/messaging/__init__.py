"""The letter box: what booking hears (incoming) and what it tells (outgoing)."""
