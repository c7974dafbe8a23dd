"""A process that records readings, several at a time: `appending <name> <tasks> <each>`."""

from __future__ import annotations

import asyncio
import os
import sys

from shared.audit.audit import Audit
from shared.audit.purposes import Purpose
from shared.kernel.actor import Actor
from shared.mongo.client import connect, database_of


async def append(audit: Audit, name: str, each: int) -> None:
    """One reading after the other."""
    by = Actor("staff", name, frozenset({"mentor"}))
    for number in range(each):
        await audit.record(
            by,
            subjects=[f"{name}-{number}"],
            fields=["notes"],
            purpose=Purpose.CASE_WORK,
            rule="mentor-of-case",
        )


async def main(name: str, tasks: int, each: int) -> None:
    """As many at once as there are tasks."""
    url = os.environ["AUDIT_MONGODB_URL"]
    # Patient: a crowd on a small machine is not what is tested here.
    audit = Audit(database_of(connect(url), url), "notifications", patience=60)
    async with asyncio.TaskGroup() as group:
        for task in range(tasks):
            group.create_task(append(audit, f"{name}.{task}", each))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
