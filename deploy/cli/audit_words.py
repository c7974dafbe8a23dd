"""A verdict on a chain in words, and for scripts."""

from __future__ import annotations

from typing import Any

from deploy.cli.verifying import Verified
from shared.audit.chain import Broken, Fault

_FAULTS = {
    Fault.CHANGED: ("är ändrad: innehållet stämmer inte", "was changed: its content does not fit"),
    Fault.MISSING: ("saknas", "is missing"),
    Fault.REPLACED: (
        "är utbytt: nästa post kom efter en annan",
        "was replaced: the next one came after another",
    ),
    Fault.OTHER_THAN_SIGNED: (
        "är omskriven: en signerad kontrollpunkt säger något annat",
        "was rewritten: a signed checkpoint says otherwise",
    ),
    Fault.OTHER_THAN_SEEN: (
        "är omskriven: här stod något annat vid förra kontrollen",
        "was rewritten: something else stood here when you last verified",
    ),
    Fault.FALSE_CHECKPOINT: (
        "har en kontrollpunkt som inte är signerad med tjänstens nyckel",
        "has a checkpoint that is not signed with the service's key",
    ),
}


def said_of(found: Verified) -> tuple[str, str]:
    """The verdict as a person reads it, in Swedish and English."""
    broken = found.verdict.broken
    if broken:
        sv, en = _sentences(broken)
        return f"✗ {found.service}: {sv}", f"✗ {found.service}: {en}"
    left = found.verdict.after_last_checkpoint
    since = found.verdict.oldest_unsigned
    sv = f"✓ {found.service}: {found.verdict.entries} poster är hela ({found.per_second:.0f}/s)."
    en = f"✓ {found.service}: {found.verdict.entries} entries are whole ({found.per_second:.0f}/s)."
    if left:
        sv += f" {left} efter den sista kontrollpunkten är inte signerade än (sedan {since})."
        en += f" {left} after the last checkpoint are not signed yet (since {since})."
    return sv, en


def shown(found: Verified, language: str) -> dict[str, Any]:
    """The verdict as a script reads it."""
    verdict = found.verdict
    return {
        "service": found.service,
        "whole": verdict.broken is None,
        "entries": verdict.entries,
        "checkpoints": verdict.checkpoints,
        "last_checkpoint": verdict.last_checkpoint,
        "after_last_checkpoint": verdict.after_last_checkpoint,
        "oldest_unsigned": verdict.oldest_unsigned,
        "broken": _described(verdict.broken, language) if verdict.broken else None,
        "seconds": round(found.seconds, 3),
    }


def _described(broken: Broken, language: str) -> dict[str, Any]:
    return {
        "seq": broken.seq,
        "until": broken.until,
        "fault": broken.fault.value,
        "sentence": _sentences(broken)[0 if language == "sv" else 1],
    }


def _sentences(broken: Broken) -> tuple[str, str]:
    sv, en = _FAULTS[broken.fault]
    if broken.until > broken.seq:
        return (
            f"en post mellan {broken.seq} och {broken.until} {sv}.",
            f"an entry between {broken.seq} and {broken.until} {en}.",
        )
    return f"post {broken.seq} {sv}.", f"entry {broken.seq} {en}."
