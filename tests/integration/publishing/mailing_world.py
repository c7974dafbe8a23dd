"""A newsletter, its readers, and mailers in this process or beside it."""

from __future__ import annotations

import asyncio
import contextlib
import random
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from services.publishing.domain.address import Address
from services.publishing.domain.job import Job, Progress
from services.publishing.domain.newsletter import Newsletter, Text
from services.publishing.domain.newsletter_list import Said, new_list
from services.publishing.domain.subscriber import Contact, Subscriber, leaves
from services.publishing.house import House
from services.publishing.mailing.mailer import Mailer
from services.publishing.mailing.ports import Hint
from services.publishing.messaging.mailings import means_of
from services.publishing.settings import MailerSettings
from services.publishing.use_cases.create_mailing import CreateMailing
from services.publishing.use_cases.freeze_mailing import FreezeMailing
from services.publishing.use_cases.move_mailings_on import HandOutBatches, SettleMailings
from services.publishing.use_cases.see_mailing import SeeMailing
from shared.kernel.actor import Actor
from shared.kernel.ids import new_id
from shared.mongo.client import Session
from tests.integration.publishing.people import somebody
from tests.support.eventually import eventually

EDITOR = Actor(kind="staff", id="sub-edit", roles=frozenset({"editor"}))
LIST = "skolor"
_NAMES = {"sv": "Nyheter för skolor", "en": "News for schools"}
_SAID = Said(_NAMES, {"sv": "Om allt"}, {"sv": "Jag vill ha brevet."}, is_open=True)
_TEXT = "# Hej {{name|vän}}!\n\nVi ses på öppen kväll i vår.\n"
_AT_ONCE = 500


async def nothing_more(session: Session, job: Job) -> None:
    """No answer is kept."""


@dataclass
class Mailings:
    """What a test does with mailings, through the use cases."""

    house: House
    people: list[uuid.UUID] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    text: str = _TEXT

    async def a_list_with(self, readers: int, domains: int = 20, first: int = 0) -> None:
        """So many confirmed readers, half of them English, at some domains; `first` are there."""
        stores, transact = self.house.stores, self.house.ground.transact

        async def a_list(session: Any) -> None:
            await stores.lists.save(session, new_list(LIST, _SAID), by=EDITOR)

        if not first:
            await transact(a_list)
        last = first + readers
        for begins in range(first, last, _AT_ONCE):
            some = range(begins, min(last, begins + _AT_ONCE))
            await self._subscribe([(n, "sv" if n % 2 else "en") for n in some], domains)

    async def _subscribe(self, some: list[tuple[int, str]], domains: int) -> None:
        subscribers = self.house.stores.subscribers
        people = [somebody(LIST, language=language) for _, language in some]
        contacts = [
            Contact(Address(f"asa.{n}", f"d{n % domains}.example"), f"Åsa {n}") for n, _ in some
        ]
        sealed = await subscribers.seal(
            [(one.id, told) for one, told in zip(people, contacts, strict=True)], by=EDITOR
        )

        fingerprints = self.house.stores.fingerprints
        new = [
            (one, fingerprints.of(told.address), cipher)
            for one, told, cipher in zip(people, contacts, sealed, strict=True)
            if cipher is not None
        ]
        assert len(new) == len(some)

        async def work(session: Any) -> None:
            await subscribers.add_all(session, new)

        await self.house.ground.transact(work)
        self.people += [one.id for one in people]

    async def a_newsletter(self) -> str:
        """Written in Swedish and English."""
        texts = {"sv": Text("Våren", self.text), "en": Text("Spring", self.text)}
        newsletter = Newsletter(new_id(), LIST, texts)

        async def work(session: Any) -> None:
            await self.house.stores.newsletters.save(session, newsletter, by=EDITOR)

        await self.house.ground.transact(work)
        return newsletter.id

    async def created(self, per_minute: int | None = None) -> Job:
        """A mailing as a draft."""
        stores, ground = self.house.stores, self.house.ground
        create = CreateMailing(stores.newsletters, stores.mailings, ground.transact, ground.clock)
        newsletter = await self.a_newsletter()
        return await create(newsletter, per_minute, nothing_more, by=EDITOR)

    async def running(self, per_minute: int | None = None) -> Job:
        """A mailing whose readers and words are frozen."""
        job = await self.created(per_minute)
        await self.house.steer.start(job.id, job.version, nothing_more, by=EDITOR)
        await self.freeze()
        return await self.job(job.id)

    async def freeze(self) -> None:
        """What the worker does when a time has come."""
        stores, ground = self.house.stores, self.house.ground
        await FreezeMailing(
            stores.mailings,
            stores.batches,
            stores.newsletters,
            stores.lists,
            stores.subscribers,
            self.house.publish,
            self.house.letterhead,
            ground.transact,
            ground.clock,
        )()

    async def settle(self) -> None:
        """What the worker does every second."""
        stores, ground = self.house.stores, self.house.ground
        await SettleMailings(
            stores.mailings, stores.batches, ground.transact, self.house.tell, ground.clock
        )()

    async def job(self, mailing_id: str) -> Job:
        return await self.house.stores.mailings.read(mailing_id, by=EDITOR)

    async def progress(self, mailing_id: str) -> Progress:
        stores = self.house.stores
        return await SeeMailing(stores.mailings, stores.batches).progress(mailing_id, by=EDITOR)

    async def say(self, word: str, mailing_id: str, *more: str) -> Job:
        """`pause`, `resume`, `cancel`, `send_again`: at whatever version it is."""
        job = await self.job(mailing_id)
        said = getattr(self.house.steer, word)
        after: Job = await said(job.id, *more, job.version, nothing_more, by=EDITOR)
        return after

    async def leaves(self, who: uuid.UUID) -> None:
        """Somebody leaves the list."""
        subscribers = self.house.stores.subscribers
        known = await subscribers.find(who, by=EDITOR)
        assert known is not None
        after: Subscriber = leaves(known, [LIST], "one-click", self.house.ground.clock.now())

        async def work(session: Any) -> None:
            await subscribers.save(session, known, after, by=EDITOR)

        await self.house.ground.transact(work)

    async def ended(self, mailing_id: str, within: float = 60) -> Progress:
        """Everybody's outcome, when there is one for each."""

        async def all_known() -> bool:
            await self.settle()
            return (await self.job(mailing_id)).ended_at is not None

        await eventually(all_known, within=within, every=0.2)
        return await self.progress(mailing_id)

    @asynccontextmanager
    async def mailers(
        self, settings: MailerSettings, count: int = 1
    ) -> AsyncIterator[list[Mailer]]:
        """Mailers in this process, and somebody who hands out batches to any of them."""
        mailers = [Mailer(means_of(settings, self.house)) for _ in range(count)]
        running = [asyncio.create_task(mailer.run()) for mailer in mailers]
        handing = asyncio.create_task(self._hand_out(mailers))
        try:
            yield mailers
        finally:
            handing.cancel()
            for task in running:
                task.cancel()
            await asyncio.gather(handing, *running, return_exceptions=True)

    async def _hand_out(self, mailers: list[Mailer]) -> None:
        stores, taking = self.house.stores, set[asyncio.Task[bool]]()

        async def give(hint: Hint) -> bool:
            task = asyncio.create_task(random.choice(mailers).take(hint))
            taking.add(task)
            task.add_done_callback(taking.discard)
            return True

        hand_out = HandOutBatches(stores.mailings, stores.batches, give)
        try:
            while True:
                await hand_out()
                await asyncio.sleep(0.1)  # the worker's own beat
        finally:
            for task in taking:
                task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.gather(*taking, return_exceptions=True)
