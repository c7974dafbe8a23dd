"""The HTTP rim: one app factory, one way to say no, one way to know who asks."""
