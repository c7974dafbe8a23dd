"""`safespace audit …`: is the record of who read what whole, who read about somebody, follow-up."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

import typer
from nacl.signing import VerifyKey

from deploy.cli.asking import asking
from deploy.cli.audit_words import said_of, shown
from deploy.cli.running_copy import RunningCopy, running_copy
from deploy.cli.screen import REFUSED, AsJson, Language, Stopped, screen
from deploy.cli.verifying import Verified, verify
from deploy.local.data_folder import read_json, write_json
from shared.audit.checkpoint import verify_key_from_base64
from shared.audit.entry import Tip
from shared.audit.follow_up import Outcome
from shared.kernel.clock import real_now

audit = typer.Typer(
    help="Granskningsloggen: är den hel, vem har läst om någon, månadens stickprov.",
    no_args_is_help=True,
)
_AUDITOR = "auditor"
_SEEN = "audit-seen.json"
Service = Annotated[str, typer.Option(help="Tjänst.")]
Month = Annotated[str, typer.Argument(metavar="MÅNAD", help="Som 2027-01.")]
LastMonth = Annotated[
    str, typer.Argument(metavar="MÅNAD", help="Som 2027-01. Annars den förra, i UTC.")
]


@audit.command("verify", help="Kontrollera hela loggen, här på din egen dator.")
def verify_all(
    service: Annotated[str | None, typer.Option(help="Bara den här tjänsten.")] = None,
    key: Annotated[
        str | None,
        typer.Option(help="Tjänstens publika nyckel i base64. Annars den som kopian har."),
    ] = None,
    as_json: AsJson = False,
    language: Language = "sv",
) -> None:
    """Every entry and every signature. Names the first entry that is not as it was written."""
    with screen(as_json, language) as out:
        copy = running_copy()
        found: list[Verified] = []
        for name in [service] if service else sorted(copy.apis()):
            public = _key_of(copy, name, key)
            with asking(copy, name, _AUDITOR, language) as asker:
                found.append(verify(asker, name, public, _seen(copy, name), out))
            if not as_json:
                out.say(*said_of(found[-1]))
        if as_json:
            out.answer([shown(each, language) for each in found])
        _remember(copy, found)
        if any(each.verdict.broken for each in found):
            raise typer.Exit(REFUSED)


@audit.command("readers", help="Vilka som har läst om någon.")
def readers(
    subject: Annotated[str, typer.Argument(metavar="ID", help="Vem läsningen gällde.")],
    service: Service,
    as_json: AsJson = False,
    language: Language = "sv",
) -> None:
    """For the person concerned: every reading and every refused one, newest first."""
    with screen(as_json, language) as out:
        with asking(running_copy(), service, _AUDITOR, language) as asker:
            found = asker.all("/v1/audit/readers", subject=subject)
        if as_json:
            out.answer(found)
        elif not found:
            out.say("Ingen har läst om den.", "Nobody has read about them.")
        else:
            heads = ("When", "Who", "What", "Purpose", "Rule")
            if language == "sv":
                heads = ("När", "Vem", "Vad", "Ändamål", "Regel")
            out.table(heads, [_row(each) for each in found])


@audit.command("sample", help="Månadens stickprov, att följa upp.")
def sample(
    service: Service,
    month: LastMonth = "",
    size: Annotated[int, typer.Option(help="Så många.")] = 20,
    as_json: AsJson = False,
    language: Language = "sv",
) -> None:
    """The same readings each time, with what was found about them."""
    with screen(as_json, language) as out:
        with asking(running_copy(), service, _AUDITOR, language) as asker:
            found = asker.get(f"/v1/audit/samples/{month or _last_month()}", size=size)
        if as_json:
            out.answer(found)
            return
        rows = [_sampled(each) for each in found["items"]]
        heads = ("No.", "When", "Who", "What", "Purpose", "Rule", "About", "Found")
        if language == "sv":
            heads = ("Nr", "När", "Vem", "Vad", "Ändamål", "Regel", "Om", "Kom fram")
        out.table(heads, rows)
        left, month = found["left"], found["month"]
        out.say(
            f"{left} av {len(rows)} är kvar att följa upp för {month}.",
            f"{left} of {len(rows)} are left to follow up for {month}.",
        )


@audit.command("outcome", help="Spara vad uppföljningen av en läsning kom fram till.")
def outcome(
    month: Month,
    seq: Annotated[int, typer.Argument(metavar="NR", help="Postens nummer.")],
    found: Annotated[Outcome, typer.Argument(metavar="UTFALL", help="|".join(Outcome))],
    service: Service,
    reference: Annotated[str | None, typer.Option(help="Ett id, aldrig fri text.")] = None,
    as_json: AsJson = False,
    language: Language = "sv",
) -> None:
    """Nothing is written over: what was found before stays beside it."""
    with screen(as_json, language) as out:
        body = {"seq": seq, "outcome": found.value, "reference": reference}
        with asking(running_copy(), service, _AUDITOR, language) as asker:
            saved = asker.post(f"/v1/audit/samples/{month}/outcomes", body)
        if as_json:
            out.answer(saved)
        else:
            out.say("Sparat.", "Saved.")


def _row(reading: dict[str, Any]) -> tuple[str, ...]:
    rule = reading["rule"] if reading["allowed"] else f"✗ {reading['rule']}"
    what = ", ".join(reading["fields"])
    who = reading["who"] or reading["actor"]
    return (reading["at"], who, what, reading["purpose"], rule)


def _sampled(each: dict[str, Any]) -> tuple[str | int, ...]:
    reading, more = each["reading"], len(each["reading"]["subjects"]) - 1
    about = (reading["subjects"] or ["–"])[0] + (f" (+{more})" if more > 0 else "")
    found = ", ".join(said["outcome"] for said in each["outcomes"])
    return (reading["seq"], *_row(reading), about, found)


def _last_month() -> str:
    return (real_now().replace(day=1) - timedelta(days=1)).strftime("%Y-%m")


def _key_of(copy: RunningCopy, service: str, given: str | None) -> VerifyKey:
    try:
        return verify_key_from_base64(given or copy.audit_keys.get(service, ""))
    except ValueError as error:
        raise Stopped(
            "Tjänstens publika nyckel är inte känd. Ange den med --key (32 byte i base64).",
            "The service's public key is not known. Give it with --key (32 bytes in base64).",
            kind="no-key",
        ) from error


def _seen(copy: RunningCopy, service: str) -> Tip | None:
    found = (read_json(copy.folder.root / _SEEN) or {}).get(service)
    return Tip(found["seq"], found["hash"]) if found else None


def _remember(copy: RunningCopy, found: list[Verified]) -> None:
    """Where whole chains ended: next time they must still say the same there."""
    known = read_json(copy.folder.root / _SEEN) or {}
    ends = {
        each.service: {"seq": each.verdict.tip.seq, "hash": each.verdict.tip.hash}
        for each in found
        if each.verdict.broken is None and each.verdict.entries
    }
    write_json(copy.folder.root / _SEEN, known | ends)
