"""No trace, no data: who read what about whom, recorded in a chain before the answer leaves.

Every service keeps a chain of its own (`<service>_audit`), in a database whose user can add and
look and nothing else. Signed checkpoints lie in a second database under a third user.
"""
