"""The only place that decides what the world may know: what was published, never to whom."""

from __future__ import annotations

from services.publishing.domain.news import (
    EditionOut,
    Happened,
    MailingEnded,
    NewsletterOut,
    OrderTaken,
)
from shared.contracts import publishing as told
from shared.contracts.event import News


def outgoing(happened: Happened) -> News:
    """The event that tells of it."""
    match happened:
        case NewsletterOut():
            return News(_newsletter(happened), happened.newsletter_id, happened.sequence)
        case EditionOut():
            return News(_edition(happened), happened.publication_id, happened.sequence)
        case MailingEnded():
            return News(_mailing(happened), happened.mailing.id, happened.sequence)
        case OrderTaken(order_id, publication_id, edition, copies):
            order = told.PrintOrderReceived(
                order_id=order_id, publication_id=publication_id, edition=edition, copies=copies
            )
            return News(order, order_id, 1)


def _newsletter(out: NewsletterOut) -> told.NewsletterPublished:
    return told.NewsletterPublished(
        newsletter_id=out.newsletter_id,
        list_id=out.list_id,
        titles=dict(out.titles),
        published_at=out.at,
        path=out.path,
    )


def _edition(out: EditionOut) -> told.EditionReleased:
    return told.EditionReleased(
        publication_id=out.publication_id,
        kind=out.kind,
        edition=out.edition,
        titles=dict(out.titles),
        changes=dict(out.changes),
        released_at=out.at,
        path=out.path,
    )


def _mailing(ended: MailingEnded) -> told.MailingFinished:
    tally = ended.tally
    return told.MailingFinished.model_validate(
        {
            "mailing_id": ended.mailing.id,
            "newsletter_id": ended.newsletter_id,
            "state": ended.mailing.state,
            "recipients": ended.mailing.recipients,
            "accepted": tally.accepted,
            "bounced": tally.bounced,
            "suppressed": tally.suppressed,
            "uncertain": tally.uncertain,
        }
    )
