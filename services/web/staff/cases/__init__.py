"""Mentoring in the console: cases by code word, and what comes before and around them."""
