"""booking: activities, occasions, places and the waiting line.

Owns who has which place. Hears answers to offers, unreachable recipients and sealing keys; tells
what happens to occasions and bookings, and sealed contact cards. Keeps no addresses.
"""
