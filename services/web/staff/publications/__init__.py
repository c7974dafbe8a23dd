"""The console's pages of publications and of printed copies."""
