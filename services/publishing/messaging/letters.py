"""Single letters and what comes back by mail: what the worker does about them as time passes."""

from __future__ import annotations

from collections.abc import Sequence

from services.publishing.domain.letter import Kind, Letter
from services.publishing.house import House, print_order_links
from services.publishing.mailing.postboxes import ImapBox, Maildir
from services.publishing.mailing.single_letters import Post
from services.publishing.messaging.mailings import signing_keys
from services.publishing.settings import WorkerSettings
from services.publishing.use_cases.changing import ChangeSubscriber
from services.publishing.use_cases.count_bounce import CountBounce, CountRefusals
from services.publishing.use_cases.forget_subscriber import ForgetSubscriber, ForgetWhoIsGone
from services.publishing.use_cases.mark_bounced import MarkBounced
from services.publishing.use_cases.preview_newsletter import PreviewNewsletter
from services.publishing.use_cases.send_letters import SendLetters, Writer
from services.publishing.use_cases.take_reports import Postbox, TakeReports
from services.publishing.use_cases.write_opt_in import WriteOptIn
from services.publishing.use_cases.write_order_letter import WriteOrderLetter
from services.publishing.use_cases.write_test_letter import WriteTestLetter
from shared.house.worker import Tick
from shared.mail.letterbox import Letterbox

_BOX_EVERY = {"maildir": 5.0, "imap": 60.0}


def letter_ticks(settings: WorkerSettings, house: House, box: Letterbox) -> Sequence[Tick]:
    """Sending what is due, counting what came back, and forgetting whom nothing needs."""
    letters = letters_of(settings, house, box)
    counts = refusals_of(house)
    forget = ForgetSubscriber(house.stores.forgettings, house.ground.transact)
    gone = ForgetWhoIsGone(house.stores.forgettings, forget, house.ground.clock)
    return (
        Tick(0.5, "letters", letters),
        Tick(10.0, "letters-left-in-hand", letters.give_up),
        Tick(2.0, "count-refusals", counts),
        Tick(30.0, "forget-who-is-gone", gone),
        *_reports(settings, house),
    )


def letters_of(settings: WorkerSettings, house: House, box: Letterbox) -> SendLetters:
    """Every kind of single letter, with whoever writes it."""
    stores, clock, count = house.stores, house.ground.clock, bounces_of(house)
    opt_in = WriteOptIn(
        house.stamps,
        stores.lists,
        stores.subscribers,
        stores.suppressions,
        stores.fingerprints,
        settings.front_door.rstrip("/"),
        settings.newsletter_name,
    )
    writers: dict[Kind, Writer] = {
        "opt-in": opt_in.opt_in,
        "already-on": opt_in.already_on,
        "print-order": _order_letters(settings, house),
        "test": _test_letters(house),
    }
    post = Post(
        box,
        house.stamps,
        settings.newsletter_name,
        settings.newsletter_from,
        settings.bounces_to,
        signing_keys(settings),
    )

    async def refused(letter: Letter, code: int) -> None:
        await count.of_letter(letter, code, clock)

    return SendLetters(stores.letters, writers, post, clock, refused)


def bounces_of(house: House) -> CountBounce:
    """What is held against addresses."""
    stores = house.stores
    change = ChangeSubscriber(stores.subscribers, house.ground.transact)
    return CountBounce(stores.subscribers, stores.suppressions, change)


def refusals_of(house: House) -> CountRefusals:
    """What ledgers have as bounced, counted against addresses."""
    ground = house.ground
    return CountRefusals(house.stores.refusals, bounces_of(house), ground.transact, ground.clock)


def reports_of(house: House, postbox: Postbox) -> TakeReports:
    """Reports and complaints out of a postbox."""
    stores, ground = house.stores, house.ground
    return TakeReports(
        postbox,
        house.stamps,
        MarkBounced(stores.mailings, stores.batches),
        stores.letters,
        bounces_of(house),
        stores.subscribers,
        stores.suppressions,
        ChangeSubscriber(stores.subscribers, ground.transact),
        ground.clock,
    )


def _reports(settings: WorkerSettings, house: House) -> Sequence[Tick]:
    ticks = []
    if settings.bounce_maildir is not None:
        take = reports_of(house, Maildir(settings.bounce_maildir))
        ticks.append(Tick(_BOX_EVERY["maildir"], "reports-in-a-folder", take))
    if settings.bounce_imap_url:  # an empty secret is none
        imap = ImapBox(settings.bounce_imap_url.get_secret_value())
        ticks.append(Tick(_BOX_EVERY["imap"], "reports-by-imap", reports_of(house, imap)))
    return ticks


def _order_letters(settings: WorkerSettings, house: House) -> WriteOrderLetter:
    stores = house.stores
    return WriteOrderLetter(
        stores.print_orders,
        stores.editions,
        stores.suppressions,
        stores.fingerprints,
        print_order_links(settings),
        settings.front_door.rstrip("/"),
        settings.newsletter_name,
    )


def _test_letters(house: House) -> WriteTestLetter:
    stores = house.stores
    return WriteTestLetter(
        house.stamps,
        stores.newsletters,
        stores.subscribers,
        stores.suppressions,
        stores.fingerprints,
        PreviewNewsletter(
            stores.newsletters, stores.lists, house.fill, house.letterhead, house.ground.clock
        ),
    )
