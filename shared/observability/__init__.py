"""What a process says about itself: log lines, numbers, traces, and whether it is well."""
