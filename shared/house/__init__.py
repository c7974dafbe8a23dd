"""What every service's house stands on and runs in: ground, app, worker and processes."""
