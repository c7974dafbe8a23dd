"""Newsletters' routes on the house, and which status their refusals get; the rest are 409."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from fastapi import APIRouter

from services.publishing.api import archive, images, newsletters
from services.publishing.domain import address, blocks, markup, preferences, segments
from services.publishing.domain import images as image_rules
from services.publishing.domain import newsletter as rules
from services.publishing.feeds.storage.redactions import Redactions
from services.publishing.house import House
from services.publishing.mailing import slots
from services.publishing.use_cases.fill_newsletter import ImageNotKnown
from services.publishing.use_cases.keep_image import KeepImage
from services.publishing.use_cases.preview_newsletter import PreviewNewsletter
from services.publishing.use_cases.redact_newsletter import RedactNewsletter
from services.publishing.use_cases.see_archive import SeeArchive
from services.publishing.use_cases.see_subscribers import FindByAddress
from services.publishing.use_cases.send_test_letters import SendTestLetters, TestReaderUnknown
from services.publishing.use_cases.write_newsletter import BeginNewsletter, WriteNewsletter
from shared.kernel.refusal import Refusal

_UNPROCESSABLE = (
    rules.SubjectMissing,
    rules.TooLong,
    rules.ParagraphTooLong,
    rules.TooManyLanguages,
    preferences.UnknownLanguage,
    segments.NotASegment,
    blocks.BlockNotUnderstood,
    blocks.BlockNotClosed,
    markup.ImageWithoutWords,
    slots.NoSuchSlot,
    ImageNotKnown,
    TestReaderUnknown,
    address.NotAnAddress,
    image_rules.NotAnImage,
)
STATUSES: Mapping[type[Refusal], int] = MappingProxyType(
    {
        **dict.fromkeys(_UNPROCESSABLE, 422),
        rules.Redacted: 410,
        image_rules.ImageTooLarge: 413,
    }
)


def routers(house: House) -> list[APIRouter]:
    """What editors write, and what everybody may read of it."""
    stores, ground = house.stores, house.ground
    desk = newsletters.NewsletterDesk(
        newsletters=stores.newsletters,
        begin=BeginNewsletter(stores.newsletters, stores.lists, ground.transact),
        write=WriteNewsletter(stores.newsletters, ground.transact),
        preview=PreviewNewsletter(
            stores.newsletters, stores.lists, house.fill, house.letterhead, ground.clock
        ),
        redact=RedactNewsletter(
            stores.newsletters,
            stores.mailings,
            Redactions(ground.database),
            ground.transact,
            ground.clock,
        ),
        test=SendTestLetters(
            stores.newsletters,
            FindByAddress(stores.subscribers, stores.fingerprints, ground.audit),
            stores.letters,
            ground.transact,
            ground.clock,
        ),
        once=ground.once,
    )
    see = SeeArchive(stores.archive, stores.lists, house.letterhead)
    return [
        newsletters.routes(desk),
        archive.routes(see),
        images.routes(stores.images, KeepImage(stores.images)),
    ]
