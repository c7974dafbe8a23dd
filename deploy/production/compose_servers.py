"""The servers in compose and the one-shot jobs beside them; the way in comes first."""

from __future__ import annotations

from typing import Any

from deploy.mongodb import ACCOUNTS
from deploy.production import compose_networks
from deploy.production.compose_parts import by_their_names, decided, hardened
from deploy.production.images import MAILPIT as MAILPIT_IMAGE
from deploy.production.images import MONGODB as MONGODB_IMAGE
from deploy.production.images import POSTGRES, RABBITMQ
from deploy.production.processes import (
    BROKER,
    CADDY,
    DATABASE_JOB,
    LOGIN,
    LOGIN_STORE,
    MAILPIT,
    MONGODB,
    TOPOLOGY_JOB,
)
from deploy.production.told import SECRETS_FOLDER
from deploy.rabbitmq.__main__ import URLS

Entry = dict[str, Any]

VOLUMES = (
    "mongodb",
    "broker",
    "broker-definitions",
    "keycloak-store",
    "caddy-data",
    "caddy-config",
)
_DATABASE_USER = "999:999"
"""As the images of MongoDB, RabbitMQ and PostgreSQL name it."""

_DONE = {"condition": "service_completed_successfully"}
_WELL = {"condition": "service_healthy"}
_KEYCLOAK_WELL = (
    "exec 3<>/dev/tcp/127.0.0.1/9000; printf 'GET /health/ready HTTP/1.0\\r\\n\\r\\n' >&3; "
    'read -r _ status _ <&3; [ "$$status" = 200 ]'
)


def front() -> Entry:
    """The only container whose ports are open to the world."""
    return {
        CADDY: {
            **hardened("caddy", cpus="1.0", memory="256M"),
            "ports": ["80:8080", "443:8443"],
            "environment": {
                "SAFESPACE_FRONT_DOOR": decided("front_door"),
                "SAFESPACE_LOGIN": decided("login"),
                "SAFESPACE_MORE_SITES": "/etc/caddy/login",
            },
            "secrets": by_their_names(["front-door-secret"]),
            "volumes": ["caddy-data:/data", "caddy-config:/config"],
            "networks": compose_networks.of(CADDY),
            "depends_on": {"web": _WELL},
            "healthcheck": _healthcheck("nc", "-z", "127.0.0.1", "8443"),
        }
    }


def servers() -> Entry:
    """MongoDB, RabbitMQ, Keycloak with its database, and a mail server for trying things."""
    return {
        MONGODB: _mongodb(),
        DATABASE_JOB: _database_job(),
        TOPOLOGY_JOB: _topology_job(),
        BROKER: _broker(),
        LOGIN: _keycloak(),
        LOGIN_STORE: _keycloak_store(),
        MAILPIT: {
            **hardened(MAILPIT_IMAGE, cpus="0.5", memory="128M"),
            "profiles": ["trial"],
            "ports": ["127.0.0.1:8025:8025"],
            "networks": compose_networks.of(MAILPIT),
        },
    }


def configs() -> Entry:
    """Files of ours that other people's images are given."""
    return {
        "mongodb-start": {"file": "./mongodb/start.sh"},
        "rabbitmq-conf": {"file": "./rabbitmq/rabbitmq.conf"},
        "rabbitmq-plugins": {"file": "./rabbitmq/enabled_plugins"},
    }


def _mongodb() -> Entry:
    return {
        **hardened(MONGODB_IMAGE, cpus="2.0", memory="2G", user=_DATABASE_USER),
        "hostname": MONGODB,
        "entrypoint": ["bash", "/start.sh"],
        "environment": {"HOME": "/tmp"},  # noqa: S108 - the shell inside keeps its history there
        "configs": [{"source": "mongodb-start", "target": "/start.sh"}],
        "secrets": by_their_names(["mongodb-keyfile", "mongodb-administrator-password"]),
        "volumes": ["mongodb:/data/db"],
        "tmpfs": ["/tmp", "/data/configdb"],  # noqa: S108
        "networks": compose_networks.of(MONGODB),
        "healthcheck": _healthcheck(
            *("mongosh", "--quiet", "--eval", "quit(db.hello().isWritablePrimary ? 0 : 1)")
        ),
    }


def _database_job() -> Entry:
    urls = [f"{account.user}-mongodb-url" for account in ACCOUNTS]
    return _job(
        ["python", "-m", "deploy.mongodb"],
        ["mongodb-administrator-url", *urls],
        {
            "networks": compose_networks.of(DATABASE_JOB),
            "depends_on": {MONGODB: {"condition": "service_started"}},
        },
    )


def _topology_job() -> Entry:
    return _job(
        ["python", "-m", "deploy.rabbitmq", "write", "/definitions/definitions.json"],
        list(URLS.values()),
        {"network_mode": "none", "volumes": ["broker-definitions:/definitions"]},
    )


def _job(command: list[str], secrets: list[str], more: Entry) -> Entry:
    """Runs once at each start, and again if it failed."""
    return {
        **hardened("service", cpus="0.5", memory="256M"),
        "command": command,
        "environment": {"SAFESPACE_SECRETS": SECRETS_FOLDER},
        "secrets": by_their_names(secrets),
        **more,
        "restart": "on-failure",
    }


def _broker() -> Entry:
    return {
        **hardened(RABBITMQ, cpus="2.0", memory="1G", user=_DATABASE_USER),
        # Its data is kept under the name of its host.
        "hostname": BROKER,
        "configs": [
            {"source": "rabbitmq-conf", "target": "/etc/rabbitmq/rabbitmq.conf"},
            {"source": "rabbitmq-plugins", "target": "/etc/rabbitmq/enabled_plugins"},
        ],
        "volumes": ["broker:/var/lib/rabbitmq", "broker-definitions:/definitions:ro"],
        "tmpfs": ["/tmp", "/var/log/rabbitmq"],  # noqa: S108
        "networks": compose_networks.of(BROKER),
        "depends_on": {TOPOLOGY_JOB: _DONE},
        "healthcheck": _healthcheck("rabbitmq-diagnostics", "-q", "check_port_connectivity"),
    }


def _keycloak() -> Entry:
    return {
        **hardened("keycloak", cpus="2.0", memory="1G", user="1000:1000"),
        "environment": {
            "KC_HOSTNAME": decided("login"),
            # Web asks for tokens from inside, under the name that it has here.
            "KC_HOSTNAME_BACKCHANNEL_DYNAMIC": "true",
            "KC_HTTP_ENABLED": "true",
            "KC_PROXY_HEADERS": "xforwarded",
            "KC_DB_URL_HOST": LOGIN_STORE,
            "KC_DB_USERNAME": "keycloak",
            "KC_BOOTSTRAP_ADMIN_USERNAME": "administrator",
            "KC_LOG_CONSOLE_OUTPUT": "json",
            "FRONT_DOOR": decided("front_door"),
        },
        "secrets": by_their_names(
            [
                "keycloak-administrator-password",
                "keycloak-database-password",
                "keycloak-web-client-secret",
            ]
        ),
        "tmpfs": ["/tmp", "/opt/keycloak/data/tmp"],  # noqa: S108
        "networks": compose_networks.of(LOGIN),
        "depends_on": {LOGIN_STORE: _WELL},
        "healthcheck": _healthcheck("bash", "-c", _KEYCLOAK_WELL),
    }


def _keycloak_store() -> Entry:
    return {
        **hardened(POSTGRES, cpus="1.0", memory="512M", user=_DATABASE_USER),
        "environment": {
            "POSTGRES_USER": "keycloak",
            "POSTGRES_PASSWORD_FILE": f"{SECRETS_FOLDER}/keycloak-database-password",
        },
        "secrets": by_their_names(["keycloak-database-password"]),
        "volumes": ["keycloak-store:/var/lib/postgresql/data"],
        "tmpfs": ["/tmp", "/var/run/postgresql"],  # noqa: S108
        "networks": compose_networks.of(LOGIN_STORE),
        "healthcheck": _healthcheck("pg_isready", "-q", "-U", "keycloak"),
    }


def _healthcheck(*test: str) -> Entry:
    return {
        "test": ["CMD", *test],
        "interval": "20s",
        "timeout": "10s",
        "retries": 5,
        "start_period": "90s",
    }
