"""Whether who reads an event today can still read it tomorrow, and who that is.

`python -m tests.contracts.compatibility` freezes contracts that are new; it changes none.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from shared.contracts.catalogue import EVENTS, LISTENING, for_partners
from shared.contracts.event import Contract

RELEASED = Path(__file__).parent / "released.json"
Schema = Mapping[str, Any]


def breaks(before: Schema, after: Schema, where: str = "data") -> Iterator[str]:
    """What somebody who relies on `before` would trip over in `after`.

    A reader ignores what it does not know, so new fields are harmless. It relies on a field being
    there, on its type, and on an enumeration holding nothing else.
    """
    yield from _of(_resolved(before, before), _resolved(after, after), before, after, where)


def _of(old: Schema, new: Schema, before: Schema, after: Schema, where: str) -> Iterator[str]:
    yield from _values(old, new, where)
    yield from _fields(old, new, before, after, where)
    for inner in ("items", "additionalProperties"):
        if isinstance(old.get(inner), Mapping):
            later = _resolved(_mapping(new.get(inner)), after)
            yield from _of(_resolved(old[inner], before), later, before, after, f"{where}[]")
    some, others = old.get("anyOf", ()), new.get("anyOf", ())
    if len(some) != len(others):
        yield f"{where}: may be of other kinds"
    for place, (one, other) in enumerate(zip(some, others, strict=False)):
        at = f"{where}|{place}"
        yield from _of(_resolved(one, before), _resolved(other, after), before, after, at)


def _values(old: Schema, new: Schema, where: str) -> Iterator[str]:
    for name in ("type", "const", "format", "pattern"):
        if old.get(name) != new.get(name):
            yield f"{where}: {name} was {old.get(name)!r}, is {new.get(name)!r}"
    added = set(map(str, new.get("enum", ()))) - set(map(str, old.get("enum", ())))
    if "enum" in old and (added or "enum" not in new):
        yield f"{where}: may also be {', '.join(sorted(added)) or 'anything'}"


def _fields(old: Schema, new: Schema, before: Schema, after: Schema, where: str) -> Iterator[str]:
    for name, field in old.get("properties", {}).items():
        at = f"{where}.{name}"
        if name not in new.get("properties", {}):
            yield f"{at}: is gone"
            continue
        if name in old.get("required", ()) and name not in new.get("required", ()):
            yield f"{at}: was always there, is optional"
        later = _resolved(new["properties"][name], after)
        yield from _of(_resolved(field, before), later, before, after, at)
    for name in set(new.get("required", ())) - set(old.get("required", ())):
        yield f"{where}.{name}: is demanded, and older events do not have it"


def consumers(routing_key: str) -> list[str]:
    """Who reads it: listening services, and partners if it is in the feed."""
    found = [
        f"{listener} (from {teller})"
        for listener, tellers in LISTENING.items()
        for teller, heard in tellers.items()
        if routing_key in {one.routing_key() for one in heard}
    ]
    if routing_key in {one.routing_key() for one in for_partners()}:
        found.append("partners (the feed)")
    return found


def complaint(routing_key: str, problems: list[str]) -> str:
    """What a broken contract is refused with: who it would break, and how."""
    who = ", ".join(consumers(routing_key)) or "nobody yet"
    listed = "\n  ".join(problems)
    return (
        f"{routing_key} breaks {who}:\n  {listed}\nMake a v2 beside it (docs/how-to/developer.md)."
    )


def released() -> dict[str, Schema]:
    """Every contract as it was when it was frozen."""
    found: dict[str, Schema] = json.loads(RELEASED.read_text("utf-8")) if RELEASED.exists() else {}
    return found


def schema_of(event: type[Contract]) -> Schema:
    """As a consumer's tools see it, without words."""
    return _bare(event.model_json_schema())


def freeze() -> list[str]:
    """Add what is new. What is there stays."""
    known = released()
    new = {one.routing_key(): schema_of(one) for one in EVENTS if one.routing_key() not in known}
    text = json.dumps({**known, **new}, indent=1, ensure_ascii=False, sort_keys=True)
    RELEASED.write_text(text + "\n", "utf-8")
    return sorted(new)


def _resolved(schema: Schema, root: Schema) -> Schema:
    reference = schema.get("$ref")
    if reference is None:
        return schema
    return _mapping(root.get("$defs", {}).get(reference.rpartition("/")[2]))


def _mapping(value: Any) -> Schema:
    return value if isinstance(value, Mapping) else {}


def _bare(value: Any) -> Any:
    if isinstance(value, Mapping):
        said = ("title", "description", "default")
        return {
            name: {key: _bare(each) for key, each in inner.items()}
            if name in ("properties", "$defs")
            else _bare(inner)
            for name, inner in value.items()
            if name not in said
        }
    if isinstance(value, list):
        return [_bare(each) for each in value]
    return value


if __name__ == "__main__":
    print("\n".join(freeze()))
