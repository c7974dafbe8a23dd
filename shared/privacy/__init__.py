"""Keeping what is personal out of sight: vault, sealing, fingerprints, redaction."""
