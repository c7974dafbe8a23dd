"""Copies of a local copy's databases, and putting them back: data here, keys there, never together.

A backup of the data is unreadable without the keys, and a person who was forgotten after it was
made is left out when it is put back (DESIGN §6.7). MongoDB's own tools are for production.
"""
