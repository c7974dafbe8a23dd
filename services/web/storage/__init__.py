"""The only room of web that knows MongoDB: browser sessions."""
