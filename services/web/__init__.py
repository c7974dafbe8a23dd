"""The front door: participants' pages, the providers' callbacks, and the way in to the APIs.

Owns no business data: its own database holds browser sessions only. Hears and tells no events.
"""
