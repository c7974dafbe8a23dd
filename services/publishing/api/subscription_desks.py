"""The routes about lists and subscribers, made of the house."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter

from services.publishing.api import (
    letters,
    lists,
    segments,
    sign_ups,
    subscriber_imports,
    subscribers,
    suppressions,
)
from services.publishing.domain.address import NotAnAddress
from services.publishing.domain.newsletter_list import ListWordsMissing, NotAListId
from services.publishing.domain.preferences import NoSuchList, UnknownLanguage
from services.publishing.domain.saved_segment import SegmentNameMissing
from services.publishing.domain.segments import NotASegment
from services.publishing.domain.subscriber import NameTooLong
from services.publishing.domain.subscription import NothingToConfirm, TooLateToConfirm
from services.publishing.house import House
from services.publishing.use_cases.changing import ChangeSubscriber
from services.publishing.use_cases.choose_preferences import ChoosePreferences
from services.publishing.use_cases.confirm_subscription import ConfirmSubscription
from services.publishing.use_cases.decide_letter import DecideLetter
from services.publishing.use_cases.forget_subscriber import ForgetSubscriber, ForgetWhenAsked
from services.publishing.use_cases.import_subscribers import ImportSubscribers
from services.publishing.use_cases.keep_lists import KeepLists
from services.publishing.use_cases.keep_segments import CountSegment, KeepSegments
from services.publishing.use_cases.leave_list import LeaveList, NotOurLink
from services.publishing.use_cases.see_subscribers import (
    FindByAddress,
    ReadAddress,
    SeeSubscribers,
)
from services.publishing.use_cases.sign_up import SignUp
from services.publishing.use_cases.suppress_address import SuppressAddress
from shared.kernel.refusal import Refusal
from shared.spreadsheets import refusals as files

STATUSES: Mapping[type[Refusal], int] = {
    NotAnAddress: 422,
    NotAListId: 422,
    ListWordsMissing: 422,
    NoSuchList: 422,
    UnknownLanguage: 422,
    SegmentNameMissing: 422,
    NotASegment: 422,
    NameTooLong: 422,
    NothingToConfirm: 409,
    TooLateToConfirm: 410,
    NotOurLink: 404,
    files.FileIsEmpty: 422,
    files.NotSpreadsheetText: 415,
    files.EncodingUnknown: 422,
    files.ColumnsMissing: 422,
    files.ColumnTwice: 422,
    files.TooManyColumns: 422,
    files.CellTooLarge: 422,
    files.QuoteNotClosed: 422,
    files.WorkbookUnreadable: 415,
    files.WorkbookTooLarge: 413,
    files.TooManyRows: 413,
}
"""Its refusals that are not a 409."""


def routers(house: House) -> list[APIRouter]:
    """All of them."""
    stores, ground = house.stores, house.ground
    kept = KeepLists(stores.lists, ground.transact)
    questions = KeepSegments(stores.segments, ground.transact)
    count = CountSegment(stores.lists, stores.subscribers)
    stop = SuppressAddress(stores.suppressions, stores.fingerprints, ground.transact, ground.clock)
    decide = DecideLetter(stores.letters, ground.transact, ground.clock)
    return [
        lists.routes(lists.ListDesk(kept, ground.once)),
        segments.routes(segments.SegmentDesk(questions, count, ground.once)),
        sign_ups.routes(_door(house)),
        subscribers.routes(_subscribers(house)),
        suppressions.routes(suppressions.SuppressionDesk(stop, ground.once)),
        letters.routes(letters.LetterDesk(decide, ground.once)),
        subscriber_imports.routes(_imports(house)),
    ]


def _sign_up(house: House) -> SignUp:
    stores, ground = house.stores, house.ground
    return SignUp(
        stores.lists,
        stores.subscribers,
        stores.suppressions,
        stores.letters,
        stores.fingerprints,
        ground.transact,
        ground.clock,
    )


def _imports(house: House) -> ImportSubscribers:
    stores, ground = house.stores, house.ground
    return ImportSubscribers(
        stores.lists,
        stores.subscribers,
        stores.suppressions,
        stores.letters,
        stores.fingerprints,
        ground.transact,
        ground.clock,
    )


def _leave(house: House) -> LeaveList:
    stores, ground = house.stores, house.ground
    change = ChangeSubscriber(stores.subscribers, ground.transact)
    return LeaveList(house.stamps, stores.lists, stores.subscribers, change, ground.clock)


def _door(house: House) -> sign_ups.DoorDesk:
    stores, ground = house.stores, house.ground
    change = ChangeSubscriber(stores.subscribers, ground.transact)
    confirm = ConfirmSubscription(
        house.stamps,
        stores.subscribers,
        stores.suppressions,
        stores.fingerprints,
        change,
        ground.clock,
    )
    choose = ChoosePreferences(
        house.stamps,
        stores.lists,
        stores.subscribers,
        stores.suppressions,
        stores.letters,
        stores.fingerprints,
        change,
        ground.clock,
    )
    return sign_ups.DoorDesk(
        _sign_up(house), confirm, _leave(house), choose, _forget(house), ground.once
    )


def _subscribers(house: House) -> subscribers.SubscriberDesk:
    stores, ground = house.stores, house.ground
    return subscribers.SubscriberDesk(
        SeeSubscribers(stores.subscribers),
        ReadAddress(stores.subscribers, ground.audit),
        FindByAddress(stores.subscribers, stores.fingerprints, ground.audit),
        _sign_up(house),
        _leave(house),
        _forget(house),
        ground.once,
    )


def _forget(house: House) -> ForgetWhenAsked:
    stores, ground = house.stores, house.ground
    forget = ForgetSubscriber(stores.forgettings, ground.transact)
    return ForgetWhenAsked(forget, stores.subscribers, house.stamps, ground.audit)
