"""The console's pages that look back: the month's sample of readings, and a quarter's figures."""
