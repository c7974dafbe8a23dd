"""What can be asked of mentoring: one module, one thing. The folder listing is the feature list."""
