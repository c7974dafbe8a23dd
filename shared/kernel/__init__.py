"""What every room may lean on: ids, time, refusals and who is asking. Standard library only."""
