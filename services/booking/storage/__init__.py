"""The only room of booking that knows MongoDB. Every read and change names who asks."""
