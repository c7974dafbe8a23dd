"""The images, each pinned by version. A version is raised here, and in the Dockerfile."""

from __future__ import annotations

VERSION = "0.1.0"
"""Of our own images; compose takes `SAFESPACE_VERSION` instead where it is set."""

OWN = {name: f"safespace/{name}" for name in ("service", "caddy", "keycloak")}
MONGODB = "mongo:8.0.17"
RABBITMQ = "rabbitmq:4.2.0"
POSTGRES = "postgres:17.6"
MAILPIT = "axllent/mailpit:v1.27.10"
