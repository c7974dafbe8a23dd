"""What the four processes are told by their environment. Read once, frozen."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import NoDecode

from services.publishing.domain.limits import limit_of
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


class SigningSettings(SmtpSettings):
    """Whose mail is signed with DKIM: by an Ed25519 seed and, where there is one, an RSA key.

    Their public halves stand in the DNS under `dkim_selector` and `dkim_rsa_selector`. `dkim` is
    off where the mail server signs.
    """

    dkim_key: Key
    dkim: Literal["on", "off"] = "on"
    dkim_selector: str = "ed"
    dkim_rsa_pem: SecretStr | None = None
    dkim_rsa_selector: str = "rsa"


class HttpSettings(WebSettings, HouseSettings):
    """The HTTP process: no broker, no mail server."""


class WorkerSettings(SigningSettings, delivery.WorkerSettings):
    """The worker: events, time, and publishing's own single mails.

    Delivery reports come back to a Maildir that the mail server writes to, a mailbox by IMAP
    (`imaps://user:password@host/INBOX`), or both.
    """

    bounce_maildir: Path | None = None
    bounce_imap_url: SecretStr | None = None


class MailerSettings(SigningSettings, delivery.BusSettings):
    """A mailer: takes batches and hands letters over. Any number of them may run.

    Letters are written by `scribes` children (0: in a thread). `mail_limits` is JSON, `{"global":
    "5000/1s", "server": "100000/60s", "domain": "600/60s", "domain:example.org": "20/1s"}`: at most
    so many in any so many seconds. A batch whose mailer was not seen for `batch_lease` seconds may
    be taken by another.
    """

    connections: int = 50
    scribes: int = Field(default=1, ge=0, le=64)
    batch_lease: float = Field(default=10.0, gt=0)
    mail_limits: Annotated[Mapping[str, str], NoDecode] = Field(default_factory=dict)

    @field_validator("mail_limits", mode="before")
    @classmethod
    def _limits(cls, value: Any) -> Any:
        found = json.loads(value) if isinstance(value, str) else value
        for written in found.values():
            limit_of(written)
        return found


class FeedsSettings(HouseSettings, delivery.BusSettings):
    """The feeds' engine: keeps the log that partners read, and calls their webhooks.

    A webhook has `webhook_seconds` to answer. `partners_here` is JSON,
    `{"name.partner.test": port}`: names that nobody can own, which lead to this machine. They are
    for a local copy's partners.
    """

    webhook_seconds: float = Field(default=15.0, gt=0, le=60)
    partners_here: Annotated[Mapping[str, int], NoDecode] = Field(default_factory=dict)

    @field_validator("partners_here", mode="before")
    @classmethod
    def _from_words(cls, value: Any) -> Any:
        return json.loads(value) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _only_in_a_local_copy(self) -> Self:
        if self.partners_here and self.profile != "local":
            raise ValueError("partners on this machine are a local copy's")
        return self
