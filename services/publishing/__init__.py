"""Publishing: newsletters that people asked for, brochures and the mentor handbook, and feeds.

It owns subscribers and their consent, lists, mailings and what became of each recipient,
publications with their editions and print orders, and what partners are told. See README.md.
"""
