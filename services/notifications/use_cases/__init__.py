"""What can be asked of notifications: one module, one thing."""
