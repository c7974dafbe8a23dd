"""What can be asked for around feeds, one thing in each module."""
