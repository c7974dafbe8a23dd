"""The one seam to the database driver: client, transactions, versioned writes.

Only this room, `delivery` and the services' `storage` know the driver (motor today; its end of
life is written down as a decision), so that it can be replaced here.
"""
