"""Handing requests on to the services: the APIs, and the SMS provider's callbacks."""
