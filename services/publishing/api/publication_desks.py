"""Routes of publications and printed copies on the house; statuses of their refusals, else 409."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from fastapi import APIRouter

from services.publishing.api import (
    editions,
    my_print_order,
    print_items,
    print_orders,
    publications,
)
from services.publishing.domain import address, manuscript_rules, markup, print_rules, versions
from services.publishing.domain import publication_rules as rules
from services.publishing.house import House, print_order_links
from services.publishing.settings import HttpSettings
from services.publishing.use_cases.handle_print_orders import (
    MovePrintOrder,
    PickList,
    SeePrintOrders,
)
from services.publishing.use_cases.look_at_draft import LookAtDraft
from services.publishing.use_cases.order_prints import CancelOrder, OrderPrints
from services.publishing.use_cases.preview_publication import PreviewPublication
from services.publishing.use_cases.read_editions import FetchPdf, ReadEditions, SeeDownloads
from services.publishing.use_cases.release_edition import ReleaseEdition
from services.publishing.use_cases.stock_shelf import CountShelf, SeeShelves, StockShelf
from services.publishing.use_cases.write_publication import AddPublication, WriteDraft
from shared.kernel.refusal import Refusal

_UNPROCESSABLE = (
    rules.AddressNotPlain,
    rules.LanguageUnknown,
    rules.TooManyLanguages,
    rules.TitleMissing,
    rules.SwedishMissing,
    rules.ChangeNoteMissing,
    rules.ChangeNoteTooLong,
    rules.PictureMissing,
    rules.EditionTooLarge,
    versions.NotAVersion,
    versions.ChangeIsLarger,
    markup.LinkSaysNothing,
    markup.HeadingSkipsALevel,
    markup.ImageWithoutWords,
    manuscript_rules.ManuscriptTooLong,
    manuscript_rules.TooManyPieces,
    manuscript_rules.NestedTooDeep,
    manuscript_rules.PictureInTheText,
    manuscript_rules.PictureIsElsewhere,
    manuscript_rules.LinkGoesNowhere,
    manuscript_rules.HeadingInside,
    manuscript_rules.NothingWritten,
    manuscript_rules.CannotBeSet,
    manuscript_rules.CharacterWithoutFont,
    print_rules.CopiesOutOfRange,
    print_rules.NotANumber,
    print_rules.SchoolMissing,
    print_rules.ContactIncomplete,
    print_rules.OrderedOtherwise,
    address.NotAnAddress,
)
STATUSES: Mapping[type[Refusal], int] = MappingProxyType(dict.fromkeys(_UNPROCESSABLE, 422))


def routers(settings: HttpSettings, house: House) -> list[APIRouter]:
    """What editors release, what everybody reads, what schools order and staff send."""
    return [
        publications.routes(_editors(house)),
        editions.routes(_library(house)),
        print_items.routes(_items(house)),
        print_orders.routes(_orders(settings, house)),
        my_print_order.routes(_school(house)),
    ]


def _editors(house: House) -> publications.PublicationDesk:
    stores, ground = house.stores, house.ground
    look = LookAtDraft(stores.editions, stores.images)
    return publications.PublicationDesk(
        publications=stores.publications,
        add=AddPublication(stores.publications, ground.transact),
        write=WriteDraft(stores.publications, stores.images, ground.transact),
        preview=PreviewPublication(stores.publications, look, ground.clock),
        release=ReleaseEdition(
            stores.publications, stores.editions, look, ground.transact, house.tell, ground.clock
        ),
        downloads=SeeDownloads(stores.editions, stores.downloads),
        once=ground.once,
    )


def _library(house: House) -> editions.LibraryDesk:
    stores = house.stores
    return editions.LibraryDesk(
        read=ReadEditions(stores.publications, stores.editions),
        pdf=FetchPdf(stores.editions, stores.downloads, house.ground.clock),
    )


def _items(house: House) -> print_items.ItemDesk:
    stores, ground = house.stores, house.ground
    return print_items.ItemDesk(
        see=SeeShelves(stores.shelves),
        stock=StockShelf(stores.shelves, stores.editions, ground.transact, ground.clock),
        count=CountShelf(stores.shelves, ground.transact),
        once=ground.once,
    )


def _orders(settings: HttpSettings, house: House) -> print_orders.OrderDesk:
    stores, ground = house.stores, house.ground
    return print_orders.OrderDesk(
        place=OrderPrints(
            stores.print_orders,
            stores.shelves,
            stores.letters,
            print_order_links(settings),
            ground.transact,
            house.tell,
            ground.clock,
        ),
        see=SeePrintOrders(stores.print_orders, ground.audit),
        move=MovePrintOrder(stores.print_orders, stores.letters, ground.transact, ground.clock),
        cancel=_cancel(house),
        pick=PickList(stores.print_orders, stores.editions, ground.audit, ground.clock),
        once=ground.once,
    )


def _school(house: House) -> my_print_order.SchoolDesk:
    return my_print_order.SchoolDesk(house.stores.print_orders, _cancel(house), house.ground.once)


def _cancel(house: House) -> CancelOrder:
    stores, ground = house.stores, house.ground
    return CancelOrder(
        stores.print_orders, stores.shelves, stores.letters, ground.transact, ground.clock
    )
