"""Spreadsheets as offices export them, read: bytes in, numbered rows or one clear refusal out.

Pure; knows no storage and no rule of the centre. Nothing that stood in a cell is repeated.
"""
