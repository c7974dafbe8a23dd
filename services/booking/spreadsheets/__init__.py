"""Coordinators' spreadsheets, read: bytes in, typed rows or sentences out. Pure; knows no storage.

Formats are what Swedish offices export: workbooks, or text in any of three delimiters and four
encodings, two date styles, `13.30` and `13:30`. Nothing that stood in a cell is repeated in a
sentence.
"""
