"""Production, from one table: compose, Kubernetes, the realm, and who may talk to whom.

Whoever adds a service adds it to the catalogue; `make docs` then writes its processes, its
secrets and its network rules. What its settings demand beyond what all are told is refused with a
sentence until `told.py` says where it comes from.
"""
