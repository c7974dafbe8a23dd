"""From a commit in one service to an effect in another: once, in order, or told why not.

outbox → relay → (the bus) → listener → inbox; what fails waits in the retry ladder, and what is
given up is parked where an operator can read it, replay it or discard it.
"""
