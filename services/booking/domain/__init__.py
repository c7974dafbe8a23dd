"""The rules of booking: frozen dataclasses and pure functions. Time and ids are passed in."""
