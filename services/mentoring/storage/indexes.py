"""Every collection and index of mentoring, and the question that it answers."""

from __future__ import annotations

from pymongo import ASCENDING, DESCENDING

from services.mentoring.storage.hanging import GROUP_OF_RECORDS
from shared.mongo.client import Database

CASES = "cases"
MATCHINGS_KEPT_DAYS = 30


async def make_indexes(database: Database) -> None:
    """Make what is missing; making them again changes nothing."""
    cases = database[CASES]
    # Whose case is this code word pair? Unique: nobody is mistaken for another.
    await cases.create_index("pseudonym", unique=True, name="pseudonym")
    # Which cases does somebody stand around, and at which version is each?
    await cases.create_index(
        [("around", ASCENDING), ("_id", DESCENDING), ("version", ASCENDING)], name="around-now"
    )
    # Which cases does time have something to do with?
    await cases.create_index([("phase", ASCENDING), ("_id", ASCENDING)], name="phase")
    # What is kept of this person?
    await cases.create_index("person_id", name="person")
    # What happened to this case, in order? Unique: no two decisions are the same step.
    await database["steps"].create_index(
        [("case_id", ASCENDING), ("sequence", ASCENDING)], unique=True, name="history"
    )
    # What must somebody look at?
    await database["notices"].create_index(
        [("for", ASCENDING), ("seen_at", ASCENDING), ("_id", DESCENDING)], name="for"
    )
    await database["notices"].create_index("case_id", name="of-case")
    # Which forgetting is this receipt for?
    await database["forgettings"].create_index("recipient_id", name="recipient")
    # What was agreed to, and what is shared by it? Whose link is this?
    for agreed in ("consents", "shares"):
        await database[agreed].create_index("case_id", name="of-case")
        await database[agreed].create_index("person_id", name="person")
    await database["shares"].create_index("hash", unique=True, name="link")
    # What is counted in this quarter?
    await database["tallies"].create_index("quarter", name="quarter")
    # Which meeting asked for this room? Which has waited for one for too long?
    await database["meetings"].create_index("requests", name="requests")
    # What has somebody ahead?
    await database["meetings"].create_index(
        [("staff", ASCENDING), ("state", ASCENDING)], name="staff"
    )
    await database["meetings"].create_index("wish.answer_by", name="unanswered", sparse=True)
    await _of_coming(database)
    await _of_matching(database)
    for records in GROUP_OF_RECORDS:
        await database[records].create_index(
            [("case_id", ASCENDING), ("_id", ASCENDING)], name="of-case"
        )
        await database[records].create_index("person_id", name="person")


async def _of_coming(database: Database) -> None:
    """How somebody comes to us."""
    # Which referrals may be about the same? What waits to be decided? Whose link is this?
    await database["referrals"].create_index("fingerprints", name="fingerprints")
    await database["referrals"].create_index(
        [("state", ASCENDING), ("_id", DESCENDING)], name="in-state"
    )
    await database["referrals"].create_index("person_id", name="person")
    await database["referrals"].create_index("case_id", name="of-case")
    await database["referral_links"].create_index("hash", unique=True, name="link")
    await database["consultations"].create_index(
        [("state", ASCENDING), ("_id", DESCENDING)], name="in-state"
    )


async def _of_matching(database: Database) -> None:
    """Mentors, and who could be whose."""
    # What was changed about a mentor, in order? Which edition has somebody read?
    await database["mentor_steps"].create_index(
        [("username", ASCENDING), ("sequence", ASCENDING)], unique=True, name="history"
    )
    await database["handbook_confirmations"].create_index(
        [("username", ASCENDING), ("edition", DESCENDING)], name="read"
    )
    # What was found in a matching? What was decided? Proposals are kept for a month.
    for matched in ("matching_outcomes", "matching_decisions"):
        await database[matched].create_index(
            [("matching_id", ASCENDING), ("case_id", ASCENDING)], name="of-matching"
        )
    await database["matchings"].create_index(
        [("made_by", ASCENDING), ("_id", DESCENDING)], name="made-by"
    )
    for proposed in ("matchings", "matching_outcomes"):
        await database[proposed].create_index(
            "made_at", name="kept", expireAfterSeconds=MATCHINGS_KEPT_DAYS * 86_400
        )
