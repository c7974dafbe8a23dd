"""Participants' pages: their booking, an offer to them, their inbox. All work without a script."""
