"""Web, put together: `python -m services.web.main http`."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx
from fastapi import APIRouter, FastAPI

from services.web import static_files
from services.web.asking import SaidNo, ServiceAway
from services.web.cookies import Cookies
from services.web.library_api import LibraryApi, LibraryAway
from services.web.mentoring_links import MentoringLinks
from services.web.newsletter_api import NewsletterApi, NewslettersAway
from services.web.own_forms import NotOurForm, UnreadableForm
from services.web.pages import Pages
from services.web.participant_api import LinkNotKnown, ParticipantApi
from services.web.problem_pages import ProblemPages
from services.web.programme_api import ProgrammeApi
from services.web.proxy import routes as proxy
from services.web.proxy.handing_on import HandingOn
from services.web.public import (
    about,
    book,
    inbox,
    moving,
    my_booking,
    newsletter_archive,
    newsletters,
    offer,
    print_orders,
    programme,
    publications,
    referring,
    shared_with_me,
    talk,
    ways_in,
)
from services.web.public.form_limits import FormLimits
from services.web.public.link_doors import LinkDoors
from services.web.public.visits import VisitEnded, Visits
from services.web.response_headers import ResponseHeaders
from services.web.settings import Settings
from services.web.staff import console as staff
from services.web.staff.asking import PartAway
from services.web.staff.asking_first import AskFirst
from services.web.staff.beside import CameLate
from services.web.staff.door import FreshSignInNeeded, SignInNeeded
from services.web.staff.openid import SignInAway, SignInFailed
from services.web.storage.sessions import Sessions
from services.web.support_api import SupportApi, SupportAway
from shared.kernel.refusal import Refusal
from shared.mongo.client import connect, database_of
from shared.mongo.primary import has_primary
from shared.observability import logging
from shared.observability.health import health_app
from shared.observability.tracing import set_up_tracing
from shared.web.app import make_app
from shared.web.serving import serve, served
from shared.web.signed_in import TokenVerifier

_REFUSALS: Mapping[type[Refusal], int] = {
    LinkNotKnown: 404,
    VisitEnded: 401,
    NotOurForm: 403,
    UnreadableForm: 400,
    SaidNo: 409,
    ServiceAway: 503,
    NewslettersAway: 503,
    LibraryAway: 503,
    SignInNeeded: 401,
    FreshSignInNeeded: 401,
    SignInFailed: 400,
    SignInAway: 503,
    PartAway: 503,
    SupportAway: 503,
}
_CONNECTIONS = httpx.Limits(max_connections=1000, max_keepalive_connections=100)


def http(settings: Settings) -> FastAPI:
    """The front door."""
    url = settings.mongodb_url.get_secret_value()
    mongo = connect(url)
    database = database_of(mongo, url)
    sessions = Sessions(database, settings.key)
    client = _client()
    cookies = Cookies(settings)
    pages, visits = Pages(cookies), Visits(sessions, cookies)
    doors = LinkDoors.of(settings, database, visits)
    verifier = TokenVerifier(settings.issuer, settings.audience, jwks_url=settings.jwks_url)
    console = staff.build(settings, database, client, cookies, verifier)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await sessions.make_indexes()
        await doors.make_indexes()
        await console.make_indexes()
        async with served(health_app(ready), settings.http_host, settings.metrics_port):
            yield
        await client.aclose()
        mongo.close()

    async def ready() -> Mapping[str, bool]:
        return {"database": await has_primary(database), "door": await _opens(settings)}

    app = make_app(
        service="web",
        settings=settings,
        routers=[
            *_routers(settings, pages, sessions, cookies, client, visits),
            *_by_link(settings, pages, client, doors),
            ways_in.routes(
                settings, ParticipantApi(client, settings), sessions, cookies, visits, doors
            ),
            *staff.routers(console),
        ],
        verifier=verifier,
        refusals=_REFUSALS,
        lifespan=lifespan,
        health_apart=True,
        description="Ingången: deltagarnas sidor och vägen till tjänsternas API:er.",
    )
    app.state.staff_door = console.door
    app.add_exception_handler(CameLate, console.came_late)
    app.add_exception_handler(AskFirst, console.ask_first)
    app.add_middleware(ProblemPages, pages=pages, staff_pages=console.problems, cookies=cookies)
    app.add_middleware(ResponseHeaders, over_https=settings.over_https)
    return app


async def _opens(settings: Settings) -> bool:
    """Whether visitors can come in: health answers a moment before the door does."""
    try:
        _, writer = await asyncio.open_connection(settings.http_host, settings.http_port)
    except OSError:
        return False
    writer.close()
    return True


def _client() -> httpx.AsyncClient:
    """For everybody's requests at once, so it remembers nothing: no cookie jar of its own."""
    forgetful = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
    return httpx.AsyncClient(limits=_CONNECTIONS, trust_env=False, cookies=forgetful)


def _routers(
    settings: Settings,
    pages: Pages,
    sessions: Sessions,
    cookies: Cookies,
    client: httpx.AsyncClient,
    visits: Visits,
) -> list[APIRouter]:
    api = ParticipantApi(client, settings)
    hand_on = HandingOn(client, settings)
    letters = NewsletterApi(client, settings)
    library = LibraryApi(client, settings)
    programme_api, limits = ProgrammeApi(client, settings), FormLimits.of(settings)
    return [
        about.routes(pages, programme_api, visits),
        programme.routes(settings, pages, programme_api, visits),
        book.routes(book.Desk(settings, pages, programme_api, visits, sessions, cookies, limits)),
        talk.routes(talk.Desk(settings, pages, SupportApi(client, settings), visits, limits)),
        moving.routes(moving.Desk(settings, pages, api, programme_api, visits)),
        my_booking.routes(settings, pages, api, visits),
        offer.routes(settings, pages, api, visits),
        inbox.routes(settings, pages, api, visits, hand_on),
        newsletters.routes(settings, pages, letters, visits),
        newsletter_archive.routes(settings, pages, letters, visits, hand_on),
        publications.routes(pages, library, visits, hand_on),
        print_orders.routes(settings, pages, library, visits),
        proxy.routes(settings, hand_on),
        static_files.routes(),
    ]


def _by_link(
    settings: Settings, pages: Pages, client: httpx.AsyncClient, doors: LinkDoors
) -> list[APIRouter]:
    api, limits = MentoringLinks(client, settings), FormLimits.of(settings)
    return [
        referring.routes(referring.Desk(settings, pages, api, doors.referring, limits)),
        shared_with_me.routes(shared_with_me.Desk(settings, pages, api, doors.shared)),
    ]


def main() -> None:
    """Serve until told to stop."""
    if sys.argv[1:] != ["http"]:
        sys.exit("python -m services.web.main http")
    settings = Settings()
    logging.set_up(settings.profile, "web", "http")
    set_up_tracing("web", "http")
    serve(http(settings), settings)


if __name__ == "__main__":
    main()
