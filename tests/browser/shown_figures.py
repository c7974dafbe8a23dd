"""Figures that were published of quarters in which many came, beside quarters without any."""

from __future__ import annotations

from typing import Any

from pymongo import MongoClient

from deploy.local.kept_secrets import Secrets
from deploy.local.ports import Ports
from deploy.local.servers import Servers
from services.booking.domain.attendance_figures import Came, figures_of
from services.booking.domain.quarter import quarter_named
from services.booking.storage.indexes import FIGURES
from services.booking.storage.published_figures import figures_document
from services.booking.use_cases.records import PublishedFigures
from services.mentoring.domain.statistics import Tally, tables_of
from services.mentoring.use_cases.publish_statistics import STATISTICS
from shared.kernel.clock import real_now
from tests.browser.made import made
from tests.support.whole_copy import WholeCopy

PLACES = ("Malmö", "Burlöv", "Lund", "Svedala")


async def figures_shown(copy: WholeCopy) -> dict[str, str]:
    """Of four quarters: published by a press, not yet, and two in which many came.

    Nobody can come to what is over by the APIs: those two are put where they are kept, made by the
    domain's own functions, so that what is hidden and rounded is hidden and rounded.
    """
    async with copy.client() as desk:
        last, before, busy, busier, *_ = (await desk.get("/v1/statistics")).json()["items"]
        if not last["published_at"]:
            await made(desk, f"/v1/statistics/{last['quarter']}", None)
    for each, scale in ((busy["quarter"], 1), (busier["quarter"], 3)):
        _keep(copy, "booking", FIGURES, _who_came(each, scale))
    cases = {"_id": busy["quarter"], "tables": tables_of(_cases(busy["quarter"]))}
    _keep(copy, "mentoring", STATISTICS, cases)
    return {"counted": last["quarter"], "uncounted": before["quarter"], "busy": busy["quarter"]}


def _who_came(quarter: str, scale: int) -> dict[str, Any]:
    classes = [
        Came("workshop", True, 20 + 7 * n, 2, grade=str(7 + n % 3), municipality=place)
        for n, place in enumerate(PLACES * scale)
    ]
    alone = [Came("lecture", False, 0, 40, age_band=band) for band in ("16-18", "19-25")]
    found = figures_of([*classes, *alone], {"workshop": 4 * scale, "lecture": 3})
    return figures_document(PublishedFigures(quarter_named(quarter), found, real_now()))


def _cases(quarter: str) -> list[Tally]:
    topics = ("method", "worry") * 40
    asked = {"profession": "school", "municipality": "Malmö"}
    return [
        *(Tally("referral", quarter, {"referrer": "school"}) for _ in range(30)),
        *(Tally("consultation", quarter, {**asked, "topic": topic}) for topic in topics),
    ]


def _keep(copy: WholeCopy, user: str, collection: str, document: dict[str, Any]) -> None:
    servers = Servers(copy.folder, Ports(copy.folder, in_use=True), Secrets(copy.folder))
    with MongoClient[dict[str, Any]](servers.mongo_url(user)) as client:
        kept = client.get_default_database()[collection]
        kept.replace_one({"_id": document["_id"]}, document, upsert=True)
