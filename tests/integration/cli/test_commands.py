"""The command by itself: nothing running, what scripts read, imports that are stopped."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path
from typing import Any

import pytest
import typer

from deploy.cli.doctor import unheard_finding
from deploy.cli.screen import Screen
from deploy.cli.written_wrongly import orderly
from deploy.local.data_folder import data_folder, read_json, write_json
from tests.integration.cli.conftest import Desk, Done, ended, start

pytestmark = pytest.mark.asyncio(loop_scope="session")

ASKING = [
    ("booking", "occasions"),
    ("booking", "bookings"),
    ("booking", "show", "x"),
    ("token", "--as", "coordinator"),
    ("people",),
    ("doctor",),
    ("trace", "x"),
    ("dead-letters", "list"),
    ("events", "tail"),
]
REPORT: dict[str, Any] = {
    "rows": 4,
    "created": 2,
    "unchanged": 1,
    "changed": 0,
    "rejected": 1,
    "flagged": 1,
    "blank": 2,
    "errors": [
        {
            "row": 3,
            "column": "Datum",
            "kind": "no-such-date",
            "sentence_sv": "Det datumet finns inte; åäö.",
            "sentence_en": "There is no such date.",
        }
    ],
    "flags": [
        {
            "row": 4,
            "flag": "same-as-earlier-row",
            "sentence_sv": "Likadan som en tidigare rad.",
            "sentence_en": "Equal to an earlier row.",
        }
    ],
}
PROGRESS = {"progress": {"done": 2, "of": 4, "rate": 20.0, "seconds_left": 0.1}}


def no_traceback(done: Done) -> None:
    assert "Traceback" not in done.err + done.out


@pytest.mark.parametrize("words", ASKING)
async def test_without_a_copy(tmp_path: Path, words: tuple[str, ...]) -> None:
    """Every command says kindly that nothing runs, with exit code 3 and JSON if asked for."""
    done = await ended(await start(tmp_path, *words, "--json"))
    assert done.code == 3
    assert "make run" in done.err
    assert done.answer["error"]["kind"] == "no-running-copy"
    no_traceback(done)


async def test_a_copy_that_was_killed(desk: Desk, tmp_path: Path) -> None:
    """A note left behind by a copy that is gone counts as no copy."""
    gone = desk.folder / "copy.json"
    text = gone.read_text().replace("http://127.0.0.1:", "http://127.0.0.1:1")
    gone.write_text(text.replace("http://127.0.0.1:1", "http://127.0.0.1:9/"))
    for words in (("booking", "occasions"), ("status",)):
        done = await ended(await start(desk.folder, *words, "--language", "en"))
        assert done.code == 3
        assert "No copy is running here" in done.err
        no_traceback(done)


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("booking", "import-season"), "file"),
        (("booking", "show", "070-1740605", "x"), ""),
        (("booking", "occasions", "--070-1740605"), ""),
        (("070-1740605",), ""),
        (("booking", "occasions", "--limit", "070-1740605"), "--limit"),
    ],
)
async def test_a_command_that_is_written_wrongly(
    tmp_path: Path, words: tuple[str, ...], what: str
) -> None:
    """Exit code 2, a sentence in both languages or JSON, where help is; nothing typed is echoed."""
    done = await ended(await start(tmp_path, *words, "--json", "--language=en"))
    assert (done.code, done.answer["error"]["kind"]) == (2, "written-wrongly")
    assert what in done.answer["error"]["sentence"]
    assert "--help" in done.err
    assert "1740605" not in done.err + done.out
    swedish = await ended(await start(tmp_path, *words))
    assert (swedish.code, swedish.out, "Hjälp:" in swedish.err) == (2, "", True)


async def test_a_command_that_is_broken_off(capsys: pytest.CaptureFixture[str]) -> None:
    """A question that is left unanswered ends the command with a word and exit code 1."""

    def asked() -> None:
        raise typer.Abort

    assert orderly(asked, ["booking"]) == 1
    assert "Avbrutet." in capsys.readouterr().err


async def test_status_without_a_copy_is_still_an_answer(tmp_path: Path) -> None:
    """A script that waits for a copy can read `ready` from the first moment on."""
    done = await ended(await start(tmp_path, "status", "--json"))
    assert (done.code, done.answer["ready"]) == (3, False)


async def test_status_has_what_scripts_read(desk: Desk) -> None:
    """Exactly the keys that are promised, and no password."""
    done = await desk.run("status", "--json")
    promised = {"ready", "front_door", "services", "sms_sink", "smtp_sink", "identity"}
    assert done.answer.keys() == promised
    assert done.answer["ready"] is True
    assert "hemligt" not in done.out


async def test_status_knows_of_a_service_that_died(desk: Desk) -> None:
    """Ready is said anew each time; a service that somebody stopped on purpose does not count."""
    kept = data_folder(desk.folder)
    copy = read_json(kept.copy)
    services = copy["services"] | {"publishing": "http://127.0.0.1:9"}
    write_json(kept.copy, copy | {"services": services})
    assert (await desk.run("status", "--json")).answer["ready"] is False
    write_json(kept.held, ["publishing"])
    assert (await desk.run("status", "--json")).answer["ready"] is True


async def test_an_import_reports(desk: Desk) -> None:
    """The counts as JSON alone on standard output; the errors in a file for a spreadsheet."""
    (desk.folder / "vår 2027.csv").write_bytes(b"Datum;Starttid\r\n")
    desk.lines = [PROGRESS, {"report": REPORT}]
    done = await desk.run("booking", "import-season", "vår 2027.csv", "--json")
    file = desk.folder / "vår 2027.errors.csv"
    assert done.answer == {
        "rows": 4,
        "created": 2,
        "unchanged": 1,
        "rejected": 1,
        "flagged": 1,
        "error_file": str(file),
    }
    assert file.read_bytes().startswith("\ufeffRad;Kolumn;Fel\r\n".encode())
    assert '3;Datum;"Det datumet finns inte; åäö."' in file.read_text("utf-8-sig")
    assert desk.got == [("POST", "commit=false", b"Datum;Starttid\r\n")]


async def test_a_dry_run_says_so(desk: Desk) -> None:
    """Without --commit one is told that nothing is saved; with it, not."""
    (desk.folder / "a.csv").write_bytes(b"x")
    desk.lines = [{"report": REPORT | {"confirmed": 1, "waiting": 1}}]
    dry = await desk.run("booking", "import-requests", "a.csv")
    real = await desk.run("booking", "import-requests", "a.csv", "--commit", "--language", "en")
    assert "inget är sparat" in dry.out
    assert "Likadan som en tidigare rad." in dry.out
    assert "nothing is saved" not in real.out
    assert "There is no such date." in real.out
    assert [query for _, query, _ in desk.got] == ["commit=false", "commit=true"]


async def test_an_import_without_errors_has_no_file(desk: Desk) -> None:
    """`error_file` is null when every row could be read."""
    (desk.folder / "a.csv").write_bytes(b"x")
    desk.lines = [{"report": REPORT | {"errors": [], "rejected": 0}}]
    done = await desk.run("booking", "import-season", "a.csv", "--json")
    assert done.answer["error_file"] is None
    assert list(desk.folder.glob("*.errors.csv")) == []


async def test_the_errors_of_an_earlier_run_go_with_it(desk: Desk) -> None:
    """Once every row can be read the old error file is gone; a file of somebody else's stays."""
    (desk.folder / "a.csv").write_bytes(b"x")
    desk.lines = [{"report": REPORT}]
    kept = desk.folder / "a.errors.csv"
    await desk.run("booking", "import-season", "a.csv", "--json", "--language", "en")
    assert kept.is_file()
    desk.lines = [{"report": REPORT | {"errors": [], "rejected": 0}}]
    again = await desk.run("booking", "import-season", "a.csv", "--json")
    assert again.answer["error_file"] is None
    assert not kept.exists()
    kept.write_text("Min egen lista\n")
    await desk.run("booking", "import-season", "a.csv")
    assert kept.is_file()


async def test_the_doctor_minds_only_many_unheard_events() -> None:
    """Some events nobody needs to hear; a queue that is half full, or silent, is worth a look."""
    out = Screen(as_json=False, language="sv")
    held = {seen: unheard_finding(seen, out).holds for seen in (0, 4_999, 5_000, None)}
    assert held == {0: True, 4_999: True, 5_000: False, None: False}


async def test_states_are_said_in_words(desk: Desk) -> None:
    """People read Swedish (or English) and may ask with those words; scripts read code words."""
    table = await desk.run("booking", "bookings", "--state", "i kö")
    assert "i kö" in table.out
    assert "waiting" not in table.out
    english = await desk.run("booking", "bookings", "--state", "unserved", "--language", "en")
    assert "got no place" in english.out
    script = await desk.run("booking", "bookings", "--state", "waiting", "--json")
    assert [each["state"] for each in script.answer] == ["waiting"]


async def test_ctrl_c_stops_politely(desk: Desk) -> None:
    """Ctrl-C ends the import at the service too, says what holds, and exits with 130."""
    (desk.folder / "a.csv").write_bytes(b"x")
    desk.lines, desk.waits = [PROGRESS], True
    process = await start(desk.folder, "booking", "import-season", "a.csv", "--commit")
    await asyncio.wait_for(desk.asked.wait(), 60)
    process.send_signal(signal.SIGINT)
    done = await ended(process)
    assert done.code == 130
    assert "kör samma kommando igen" in done.err
    no_traceback(done)
    await asyncio.wait_for(desk.left.wait(), 60)


async def test_an_import_that_is_refused_midway(desk: Desk) -> None:
    """A refusal in the stream is shown as its sentence."""
    (desk.folder / "a.csv").write_bytes(b"x")
    problem = {"kind": "too-many-rows", "sv": "Filen har för många rader.", "en": "Too many."}
    desk.lines = [PROGRESS, {"problem": problem}]
    done = await desk.run("booking", "import-season", "a.csv", "--json")
    assert done.code == 1
    assert "Filen har för många rader." in done.err
    assert done.answer["error"]["kind"] == "too-many-rows"


async def test_an_import_that_breaks_off(desk: Desk) -> None:
    """A stream that ends without its report is not taken for a success."""
    (desk.folder / "a.csv").write_bytes(b"x")
    desk.lines = [PROGRESS]
    done = await desk.run("booking", "import-season", "a.csv", "--commit", "--json")
    assert (done.code, done.answer["error"]["kind"]) == (1, "import-broke-off")


async def test_a_file_that_is_not_there(desk: Desk) -> None:
    """A wrong file name is a sentence."""
    done = await desk.run("booking", "import-season", "finns-inte.csv")
    assert done.code == 1
    assert "finns-inte.csv" in done.err
    no_traceback(done)


async def test_the_clock(tmp_path: Path) -> None:
    """Shifts add up, reset sets it right, and show changes nothing."""
    seen = []
    for words in ("+24h", "-2h", "show", "reset", "show"):
        done = await ended(await start(tmp_path, "clock", words, "--json"))
        seen.append(done.answer["offset_seconds"] / 3600)
    assert seen == [24, 22, 22, 0, 0]
    wrong = await ended(await start(tmp_path, "clock", "i morgon"))
    assert wrong.code == 2
    assert "+24h" in wrong.err
    for too_far in ("+99999999d", "-99999999999999w"):
        refused = await ended(await start(tmp_path, "clock", too_far))
        assert refused.code == 2
        no_traceback(refused)
    kept = await ended(await start(tmp_path, "clock", "--json"))
    assert kept.answer["offset_seconds"] == 0
