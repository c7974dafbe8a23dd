"""What can be asked of publishing: one module, one thing."""
