"""Publishing against the real database, its API really served."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from services.publishing.house import House
from services.publishing.messaging.incoming import Incoming
from services.publishing.settings import HttpSettings, MailerSettings, WorkerSettings
from shared.contracts.envelope import wrap
from shared.contracts.event import Contract, News
from shared.delivery.inbox import HANDLED, AlreadyHandled, Inbox
from shared.kernel.ids import new_id
from shared.kernel.refusal import Refusal
from tests.support import world as support
from tests.support.servers import RealServers
from tests.support.world import KEY, http_told, worker_told
from tests.unit.shared.issuer import Issuer

NOW = datetime(2027, 1, 14, 10, 0, tzinfo=UTC)
OWN: dict[str, Any] = {
    "newsletter_from": "nyheter@safespace.example",
    "postal_address": "Exempelgatan 1, 211 00 Malmö",
    "bounces_to": "studs.safespace.example",
    "link_key": KEY,
}


def http_settings(servers: RealServers, issuer: Issuer) -> HttpSettings:
    return HttpSettings.model_validate(http_told(servers, "publishing", issuer, **OWN))


def worker_settings(servers: RealServers, smtp_port: int) -> WorkerSettings:
    """The worker's, with a mail server on loopback."""
    own = {**OWN, "front_door": support.DOOR, "smtp_host": "127.0.0.1", "smtp_port": smtp_port}
    told = worker_told(servers, "publishing", **own, dkim_key=KEY)
    return WorkerSettings.model_validate(told)


def mailer_settings(servers: RealServers, smtp_port: int, **more: Any) -> MailerSettings:
    """A mailer's, with a mail server on loopback."""
    own = {**OWN, "front_door": support.DOOR, "smtp_host": "127.0.0.1", "smtp_port": smtp_port}
    told = worker_told(servers, "publishing", **{**own, "dkim_key": KEY, **more})
    return MailerSettings.model_validate(told)


@dataclass
class World(support.World[House]):
    """Publishing's house and what is told to it."""

    incoming: Incoming

    async def hear(self, data: Contract, *, subject: str, sequence: int = 1) -> str:
        """An event arrives; its outcome as the inbox has it."""
        envelope = wrap(
            News(data, subject, sequence),
            event_id=new_id(),
            at=self.clock.now(),
            correlation_id=new_id(),
        )
        inbox = Inbox(self.house.ground.database, "publishing")
        handler = self.incoming.handlers()[type(data)]

        async def work(session: Any) -> str:
            await inbox.mark(session, envelope)
            return await handler(envelope, data, session) or HANDLED

        try:
            return await self.in_transaction(work)
        except AlreadyHandled:
            return "already"
        except Refusal as refusal:
            return f"refused:{refusal.kind}"
