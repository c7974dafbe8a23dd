"""Entries carried to partners: over connections that leave our network, each at its own pace."""
