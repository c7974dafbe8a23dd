"""A season's spreadsheet becomes occasions. Doing it again changes nothing."""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType

from services.booking.domain import rules
from services.booking.domain.activity import Activity, kind_of, new_activity
from services.booking.domain.changing import Changes
from services.booking.domain.facts import Fact, OccasionChanged
from services.booking.domain.limits import MOST_MINUTES
from services.booking.domain.occasion import Occasion
from services.booking.domain.occupying import ROOM_TAKEN, flagged, keys_of, occupied
from services.booking.domain.publishing import publish
from services.booking.domain.room import room_id
from services.booking.domain.room_day import DayKey, RoomDay, days_of
from services.booking.spreadsheets.report import Outcome, Report
from services.booking.spreadsheets.season_file import SeasonFile, SeasonRow, fold
from services.booking.use_cases.decisions import Decisions, again_while_others_are_faster
from services.booking.use_cases.mirror import mirrored
from services.booking.use_cases.ports import Activities, Occasions, Saving
from services.booking.use_cases.wishes import Moment
from shared.kernel import wall_clock
from shared.kernel.actor import Actor
from shared.kernel.ids import ActivityId, OccasionId, deterministic_id
from shared.kernel.refusal import Refusal
from shared.kernel.wall_clock import to_utc
from shared.observability.cause import current_cause
from shared.spreadsheets.trouble import Trouble

ZONE = "Europe/Stockholm"
_COLUMNS: Mapping[type[Refusal], str] = {
    rules.CapacityBelowTaken: "Antal platser",
    rules.CapacityOutOfRange: "Antal platser",
    rules.LengthOutOfRange: "Längd (min)",
    wall_clock.TimeDoesNotExist: "Starttid",
    wall_clock.TimeIsAmbiguous: "Starttid",
}
_CHUNK = 60


@dataclass(frozen=True, slots=True)
class ImportSeason:
    """Publish the occasions of a season file, and change those that it describes anew.

    A row is recognised by activity, date, start, room and its rank among equals; the rest is data.
    A row that cannot be used never stops the others. Without `commit` nothing is saved, and the
    report is the same.
    """

    occasions: Occasions
    activities: Activities
    decisions: Decisions

    async def __call__(
        self, file: SeasonFile, *, commit: bool, by: Actor
    ) -> AsyncIterator[tuple[int, Report]]:
        """After each chunk: how many rows are done, and the report so far."""
        report = Report(blank=file.blank, troubles=list(file.troubles))
        report.counts["rejected"] = file.rejected
        done = file.rejected
        yield done, report
        for chunk in _chunks(file.rows):
            attempt = functools.partial(self._chunk, chunk, commit=commit, by=by)
            plan = await again_while_others_are_faster(attempt)
            plan.into(report)
            done += len(chunk)
            yield done, report

    async def _chunk(self, rows: Sequence[SeasonRow], *, commit: bool, by: Actor) -> _Plan:
        known = await self.occasions.read_many([occasion_id(row) for row in rows], by=by)
        activity_ids = list({activity_id(row) for row in rows})
        activities = await self.activities.read_many(activity_ids, by=by)
        days = await self.decisions.ledger.days(touched(rows, known))
        moment = replace(self.decisions.moment(), days=days)
        plan = plan_season(rows, known, set(activities), moment)
        if commit and plan.changes_something:
            await self.decisions.ledger.save(self._saving(plan))
        return plan

    def _saving(self, plan: _Plan) -> Saving:
        saving = Saving(
            occasions=[(before, after) for before, after, _ in plan.changed],
            new_occasions=[occasion for occasion, _ in plan.created],
            activities=plan.activities,
            room_days=list(plan.days.values()),
            room_names={room_id(made.room): made.room for made, _ in plan.created if made.room},
        )
        cause = current_cause()
        for before, after, facts in plan.changed:
            saving.changes.extend(mirrored(before, after, facts, {}, {}))
            saving.told.extend((news, cause) for news in self.decisions.news(facts, after))
        for occasion, facts in plan.created:
            saving.told.extend((news, cause) for news in self.decisions.news(facts, occasion))
        return saving


@dataclass(slots=True)
class _Plan:
    """What a chunk of rows comes to."""

    activities: list[Activity] = field(default_factory=list)
    created: list[tuple[Occasion, Sequence[Fact]]] = field(default_factory=list)
    changed: list[tuple[Occasion, Occasion, Sequence[Fact]]] = field(default_factory=list)
    noted: list[tuple[int, Outcome, tuple[str, ...]]] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    days: dict[DayKey, RoomDay] = field(default_factory=dict)
    """Those of rooms that changed."""

    @property
    def changes_something(self) -> bool:
        return bool(self.created or self.changed)

    def occupy(self, moment: Moment, before: Occasion | None, after: Occasion) -> None:
        self.days.update(occupied({**moment.days, **self.days}, before, after))

    def into(self, report: Report) -> None:
        for row, outcome, flags in self.noted:
            report.note(row, outcome, flags)
        for trouble in self.troubles:
            report.reject(trouble)


def plan_season(
    rows: Iterable[SeasonRow],
    known: dict[OccasionId, Occasion],
    known_activities: set[ActivityId],
    moment: Moment,
) -> _Plan:
    """Decide what the rows mean, given the occasions that are there. Pure."""
    plan = _Plan()
    activities = set(known_activities)
    for row in rows:
        occasion = known.get(occasion_id(row))
        try:
            if occasion is None:
                _create(plan, row, activities, moment)
            else:
                _compare(plan, row, occasion, activities, moment)
        except Refusal as refusal:
            plan.troubles.append(trouble_of(row.row, refusal, _COLUMNS))
    return plan


def touched(rows: Iterable[SeasonRow], known: Mapping[OccasionId, Occasion]) -> frozenset[DayKey]:
    """The days of rooms that the rows may change: as the occasions are, and as the rows say."""
    keys = {key for occasion in known.values() for key in keys_of(occasion)}
    for row in rows:
        begins, length = to_utc(_starts(row), ZONE), min(row.minutes, MOST_MINUTES)
        keys.update(days_of(room_id(row.room), begins, begins + timedelta(minutes=length)))
    return frozenset(keys)


def occasion_id(row: SeasonRow) -> OccasionId:
    """The same row of the same season always names the same occasion."""
    slot = row.slot
    parts = (slot.activity, slot.date.isoformat(), slot.start.isoformat(), slot.room)
    return OccasionId(deterministic_id("occasion", *parts, str(slot.rank)))


def activity_id(row: SeasonRow) -> ActivityId:
    """Activities are made on the way: one per title and kind."""
    return ActivityId(deterministic_id("activity", fold(row.activity), row.kind))


def trouble_of(
    row: int, refusal: Refusal, columns: Mapping[type[Refusal], str] = MappingProxyType({})
) -> Trouble:
    """A rule's no, as a sentence about a row and, where one is to blame, a column."""
    column = columns.get(type(refusal), "")
    return Trouble(row, column, refusal.kind, refusal.says("sv"), refusal.says("en"))


def _create(plan: _Plan, row: SeasonRow, activities: set[ActivityId], moment: Moment) -> None:
    occasion, facts = publish(
        occasion_id(row),
        activity_id=activity_id(row),
        title=row.activity,
        kind=row.kind,
        audience=row.target_group,
        starts_local=_starts(row),
        zone=ZONE,
        minutes=row.minutes,
        room=row.room,
        capacity=row.places,
        leaders=row.leaders,
    )
    _with_activity(plan, row, activities)
    occasion = flagged(occasion, moment.days)
    plan.occupy(moment, None, occasion)
    plan.created.append((occasion, facts))
    plan.noted.append((row.row, "created", _flags(row, occasion, moment)))


def _with_activity(plan: _Plan, row: SeasonRow, activities: set[ActivityId]) -> None:
    if activity_id(row) in activities:
        return
    activities.add(activity_id(row))
    plan.activities.append(
        new_activity(activity_id(row), title=row.activity, kind=row.kind, audience=row.target_group)
    )


def _compare(
    plan: _Plan,
    row: SeasonRow,
    occasion: Occasion,
    activities: set[ActivityId],
    moment: Moment,
) -> None:
    changes = Changes(
        capacity=row.places,
        minutes=row.minutes,
        leaders=row.leaders,
        audience=row.target_group,
    )
    if _same(row, occasion) or occasion.cancelled is not None:
        plan.noted.append((row.row, "unchanged", _flags(row, occasion, moment)))
        return
    after, facts = _retyped(row, *occasion.change(changes, **moment.given()))
    _with_activity(plan, row, activities)
    after = flagged(after, moment.days)
    plan.occupy(moment, occasion, after)
    plan.changed.append((occasion, after, facts))
    plan.noted.append((row.row, "changed", _flags(row, after, moment)))


def _same(row: SeasonRow, occasion: Occasion) -> bool:
    said = (row.places, row.minutes, row.leaders, row.target_group, row.kind)
    kept = (
        occasion.capacity,
        occasion.minutes,
        occasion.leaders,
        occasion.audience,
        occasion.kind,
    )
    return said == kept


def _retyped(
    row: SeasonRow, occasion: Occasion, facts: Sequence[Fact]
) -> tuple[Occasion, Sequence[Fact]]:
    """With the row's type, which is another activity of the same name."""
    if row.kind == occasion.kind:
        return occasion, facts
    sequence = occasion.sequence + 1
    retyped = replace(
        occasion, kind=kind_of(row.kind), activity_id=activity_id(row), sequence=sequence
    )
    told = OccasionChanged(occasion_id=occasion.id, sequence=sequence, changed=("kind",))
    return retyped, (*facts, told)


def _starts(row: SeasonRow) -> datetime:
    return datetime.combine(row.slot.date, row.slot.start)


def _flags(row: SeasonRow, occasion: Occasion, moment: Moment) -> tuple[str, ...]:
    flags = {
        "same-as-earlier-row": row.slot.rank > 1,
        "in-the-past": occasion.ends_at <= moment.now,
        "cancelled": occasion.cancelled is not None,
        "no-leader": not row.leaders,
        ROOM_TAKEN: ROOM_TAKEN in occasion.flags,
    }
    return tuple(flag for flag, holds in flags.items() if holds)


def _chunks(rows: Sequence[SeasonRow]) -> Iterable[Sequence[SeasonRow]]:
    return (rows[at : at + _CHUNK] for at in range(0, len(rows), _CHUNK))
