"""What the four processes are told by their environment. Read once, frozen."""

from __future__ import annotations

from pydantic import SecretStr

from shared.delivery import settings as delivery
from shared.mongo.settings import Key, Keys, StoreSettings
from shared.web.settings import WebSettings


class HouseSettings(StoreSettings):
    """What all processes must know besides where things are kept.

    `link_key` stamps the links and the return paths in mail; `other_link_keys` still open what
    older mail carries. `bounces_to` is the domain that delivery reports come back to.
    """

    front_door: str
    newsletter_from: str
    newsletter_name: str = "Safe Space Malmö"
    postal_address: str
    bounces_to: str
    link_key: Key
    other_link_keys: Keys = ()


class SmtpSettings(HouseSettings):
    """Who takes mail from us."""

    smtp_host: str
    smtp_port: int


class HttpSettings(WebSettings, HouseSettings):
    """The HTTP process: no broker, no mail server."""


class WorkerSettings(SmtpSettings, delivery.WorkerSettings):
    """The worker: events, time, and publishing's own single mails."""


class MailerSettings(SmtpSettings, delivery.BusSettings):
    """A mailer: takes batches and hands letters over. Any number of them may run.

    Mail is signed with `dkim_key` (an Ed25519 seed) and, where there is one, `dkim_rsa_pem`; their
    public halves stand in the DNS under `dkim_selector` and `dkim_rsa_selector`.
    """

    connections: int = 50
    dkim_key: Key
    dkim_selector: str = "ed"
    dkim_rsa_pem: SecretStr | None = None
    dkim_rsa_selector: str = "rsa"


class FeedsSettings(HouseSettings, delivery.BusSettings):
    """The feeds' engine: keeps the log that partners read, and calls their webhooks."""
