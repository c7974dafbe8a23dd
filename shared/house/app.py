"""A service's HTTP app on its house: indexes, readiness, the operator's and auditor's routes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI

from shared.audit.routes import STATUSES as AUDIT_STATUSES
from shared.audit.routes import Known, by_one_name
from shared.audit.routes import routes as audit_routes
from shared.delivery.journal import Own
from shared.delivery.operator_routes import STATUSES
from shared.delivery.operator_routes import routes as operator_routes
from shared.house.ground import House
from shared.house.rotation_routes import routes as rotation_routes
from shared.kernel.refusal import Refusal
from shared.web.app import make_app
from shared.web.settings import WebSettings


def app_on(
    house: House,
    settings: WebSettings,
    routers: Sequence[APIRouter],
    *,
    permissions: Mapping[str, frozenset[str]],
    refusals: Mapping[type[Refusal], int],
    own_journal: Own | None = None,
    also_known_as: Known = by_one_name,
    description: str = "",
) -> FastAPI:
    """The app of these routers; it needs no broker. See `shared.web.app.make_app`.

    `own_journal` adds the service's own steps to the journal of a subject, `also_known_as` what was
    read of somebody under an earlier id to the list of their readers. The policy must know
    `dead-letters.handle`, `journal.read`, `audit.read`, `audit.follow-up` and `keys.rotate`, as
    every service has those routes.
    """

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await house.make_indexes()
        yield
        house.close()

    ground = house.ground
    return make_app(
        service=ground.service,
        settings=settings,
        routers=[
            *routers,
            operator_routes(ground.service, ground.database, own_journal=own_journal),
            rotation_routes(ground.service, ground.rewrapping),
            audit_routes(
                ground.service,
                ground.audit,
                ground.checkpoints,
                ground.database,
                names=ground.names,
                also_known_as=also_known_as,
            ),
        ],
        refusals={**STATUSES, **AUDIT_STATUSES, **refusals},
        permissions=permissions,
        lifespan=lifespan,
        ready=house.ready,
        denials=ground.audit.denied,
        description=description,
    )
