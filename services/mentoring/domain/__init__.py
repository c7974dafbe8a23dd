"""The rules of mentoring: frozen dataclasses and pure functions. Time and ids are passed in."""
