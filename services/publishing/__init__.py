"""Publishing: newsletters that people asked for, and (later) brochures and the mentor handbook.

It owns subscribers and their consent, lists, mailings and what became of each recipient. No
process starts it yet: what stands here is the rules and the engine. See README.md.
"""
