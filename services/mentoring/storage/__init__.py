"""The only room that knows MongoDB. What it hands out of a person is sealed."""
