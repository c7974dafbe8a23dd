"""Segments are saved questions; how many answer to one is asked anew each time."""

from __future__ import annotations

from dataclasses import dataclass, replace

from services.publishing.domain.figures import shown
from services.publishing.domain.preferences import NoSuchList
from services.publishing.domain.saved_segment import SavedSegment, named
from services.publishing.domain.segments import Segment
from services.publishing.use_cases.ports import Session, Transact
from services.publishing.use_cases.subscriber_ports import Also, Lists, Segments, Subscribers
from shared.kernel.actor import Actor
from shared.kernel.ids import new_id
from shared.kernel.refusal import NotFound, VersionConflict


@dataclass(frozen=True, slots=True)
class KeepSegments:
    """A segment asks for list, language, tag, municipality, role, or since when: never a name."""

    segments: Segments
    transact: Transact

    async def add(
        self, name: str, segment: Segment, also: Also[SavedSegment], *, by: Actor
    ) -> SavedSegment:
        """A new one. Raises SegmentNameMissing."""
        return await self._saved(SavedSegment(new_id(), named(name), segment), also, by)

    async def change(
        self,
        segment_id: str,
        name: str,
        segment: Segment,
        seen: int,
        also: Also[SavedSegment],
        *,
        by: Actor,
    ) -> SavedSegment:
        """Another name or question. A mailing that has begun keeps whom it was begun with.

        Raises:
            NotFound, VersionConflict, SegmentNameMissing: see there.
        """
        known = await self._seen(segment_id, seen, by)
        return await self._saved(replace(known, name=named(name), segment=segment), also, by)

    async def drop(self, segment_id: str, seen: int, *, by: Actor) -> None:
        """Take it away. Raises NotFound, VersionConflict."""
        known = await self._seen(segment_id, seen, by)

        async def work(session: Session) -> None:
            await self.segments.drop(session, known)

        await self.transact(work)

    async def one(self, segment_id: str, *, by: Actor) -> SavedSegment:
        """One of them. Raises NotFound."""
        found = await self.segments.find(segment_id, by=by)
        if found is None:
            raise NotFound
        return found

    async def _seen(self, segment_id: str, seen: int, by: Actor) -> SavedSegment:
        known = await self.one(segment_id, by=by)
        if known.version != seen:
            raise VersionConflict
        return known

    async def _saved(self, one: SavedSegment, also: Also[SavedSegment], by: Actor) -> SavedSegment:
        async def work(session: Session) -> SavedSegment:
            kept = replace(one, version=await self.segments.save(session, one, by=by))
            await also(session, kept)
            return kept

        return await self.transact(work)


@dataclass(frozen=True, slots=True)
class CountSegment:
    """How many a mailing to this segment of this list would be written to, as of now.

    One to four are not told: so few could be pointed at.
    """

    lists: Lists
    subscribers: Subscribers

    async def __call__(self, list_id: str, segment: Segment, *, by: Actor) -> int | None:
        """The count, or None. Raises NoSuchList."""
        if await self.lists.find(list_id, by=by) is None:
            raise NoSuchList
        return shown(await self.subscribers.count(list_id, segment, by=by))
