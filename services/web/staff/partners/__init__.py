"""The console's pages of the network: partners with their keys, and early warnings."""
