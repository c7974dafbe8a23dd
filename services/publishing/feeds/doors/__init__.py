"""The ways in: HTTP feed, stream, Atom; a partner's own desk, and the staff's."""
