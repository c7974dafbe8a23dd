"""A newsletter's way, from a list of addresses to the archive, told over HTTP on a whole copy."""

from __future__ import annotations

import base64
import email
import email.policy
import json
import os
import signal
import tempfile
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from pymongo import MongoClient

from services.publishing.domain.links import Place, key_of, unsubscribe_token
from services.publishing.domain.stamps import Keyring
from shared.kernel.ids import new_id
from tests.privacy.test_canary import administrator
from tests.support.eventually import eventually
from tests.support.whole_copy import WholeCopy

SV = {"subject": "Våren på Safe Space", "markdown": "# Hej {{name|du}}!\n\nVi ses på *Garaget*.\n"}
EN = {"subject": "Spring at Safe Space", "markdown": "# Hello {{name|there}}!\n\nSee you.\n"}
BROCHURE = "# Att lyssna\n\nEtt **samtal** om oro.\n"
HEADS = "E-post;Namn;Språk;Samtyckte;Samtyckestext"
ENDED = ("finished", "finished-with-failures")
API = "/api/publishing/v1"
LONG = 60.0


@dataclass
class Editor:
    """Elsa at her desk; everything through the front door."""

    copy: WholeCopy
    client: httpx.AsyncClient
    list_id: str = field(default_factory=lambda: f"skolor-{new_id()[-6:]}")
    who: str = "elsa.blad"

    async def ask(self, method: str, path: str, status: int = 200, **more: Any) -> Any:
        """One request in her name; the JSON that it is answered with."""
        who = more.pop("who", self.who)
        headers = {**self.copy.signed_in(who, "publishing"), **more.pop("headers", {})}
        answer = await self.client.request(method, API + path, headers=headers, **more)
        assert answer.status_code == status, (path, answer.text)
        return answer.json()

    async def change(
        self, method: str, path: str, known: Any, status: int = 200, **more: Any
    ) -> Any:
        """Change what was seen as `known`."""
        headers = {"If-Match": f'"{known["version"]}"'}
        return await self.ask(method, path, status, headers=headers, **more)


def address_of(number: int, people: int) -> str:
    """One of so many: journeys of other sizes on the same copy have readers of their own."""
    return f"asa.{number}@d{number % 7}.of{people}.example"


def spreadsheet(people: int) -> bytes:
    """As a spreadsheet program exports it: semicolons, Windows-1252, two rows that are no good."""
    rows = [HEADS]
    for number in range(people):
        language = "en" if number % 10 == 0 else "sv"
        email_ = address_of(number, people)
        rows.append(f"{email_};Åsa Öberg {number};{language};2026-10-02;mässan")
    rows.insert(3, "ingen adress;Bo;sv;2026-10-02;mässan")
    rows.insert(9, "kim@d1.example;Kim;sv;i våras;mässan")
    return "\r\n".join(rows).encode("cp1252")


async def subscribers(editor: Editor, people: int) -> None:
    """A list, and a file of people who agreed at the fair: looked at first, then read in, twice."""
    names = {"sv": "Nyheter för skolor", "en": "News for schools"}
    wanted = {"id": editor.list_id, "names": names, "about": names, "consent": names}
    await editor.ask("POST", "/lists", 201, json={**wanted, "is_open": True})
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "prenumeranter.csv"
        file.write_bytes(spreadsheet(people))
        words = ("newsletter", "import-subscribers", str(file), "--list", editor.list_id)
        looked = editor.copy.safespace(*words, check=False)
        counted = {"rows": people + 2, "confirmed": people, "rejected": 2}
        assert {name: looked[name] for name in counted} == counted
        listed = await editor.ask("GET", f"/subscribers?list={editor.list_id}&limit=1")
        assert listed["total"] == 0, "a look changes nothing"
        done = editor.copy.safespace(*words, "--commit", check=False)
        assert {name: done[name] for name in counted} == counted
        again = editor.copy.safespace(*words, "--commit", check=False)
        assert (again["confirmed"], again["unchanged"]) == (0, people)


async def written(editor: Editor) -> Any:
    """Two languages, and how they will look."""
    draft = await editor.ask("POST", "/newsletters", 201, json={"list_id": editor.list_id})
    for language, text in (("sv", SV), ("en", EN)):
        path = f"/newsletters/{draft['id']}/texts/{language}"
        draft = await editor.change("PUT", path, draft, json=text)
    shown = await editor.ask("GET", f"/newsletters/{draft['id']}/previews")
    assert "Garaget" in json.dumps(shown)
    return draft


async def progress(editor: Editor, mailing: Any) -> Any:
    """Where everybody stands."""
    return await editor.ask("GET", f"/mailings/{mailing['id']}/progress")


async def sent_with_a_pause_and_a_kill(editor: Editor, draft: Any, people: int) -> Any:
    """Started, paused, one reader leaves, a mailer is killed, resumed; until nobody is open."""
    body = {"newsletter_id": draft["id"], "per_minute": people * 6}
    made = await editor.ask("POST", "/mailings", 201, json=body)
    path = f"/mailings/{made['id']}"
    reach = await editor.ask("GET", f"{path}/recipient-count")
    assert reach == {"recipients": people}
    await editor.change("POST", f"{path}/start", made)

    async def some_arrived() -> bool:
        return bool((await progress(editor, made))["accepted"] >= people // 20)

    await eventually(some_arrived, within=LONG, every=0.1)
    paused = await editor.change("POST", f"{path}/pause", await editor.ask("GET", path))

    async def at_rest() -> bool:
        return not (await progress(editor, made))["in_hand"]

    await eventually(at_rest, within=LONG, every=0.1)
    before = await progress(editor, made)
    await one_leaves(editor, made)
    await editor.change("POST", f"{path}/resumption", paused)

    async def goes_on() -> bool:
        return bool((await progress(editor, made))["accepted"] >= before["accepted"] + people // 20)

    await eventually(goes_on, within=LONG, every=0.05)
    os.kill(editor.copy.pid("publishing-mailer"), signal.SIGKILL)
    return await ended(editor, made)


async def ended(editor: Editor, made: Any) -> Any:
    """Everybody's outcome is known."""

    async def is_over() -> Any:
        found = await progress(editor, made)
        assert found["state"] in ENDED, found
        return found

    return await eventually(is_over, within=6 * LONG, every=0.25)


async def one_leaves(editor: Editor, made: Any) -> None:
    """By the one press of their mail program, while their letter still waits."""
    place = Place(who_waits(editor, made), key_of(editor.list_id))
    stamps = Keyring.of(base64.b64decode(editor.copy.table().key("publishing/link")))
    link = f"/u/{unsubscribe_token(stamps, place)}"
    looked = await editor.client.get(link)
    assert looked.status_code == 200
    gone = await editor.client.post(link, data={"List-Unsubscribe": "One-Click"})
    assert gone.status_code == 200


def who_waits(editor: Editor, made: Any) -> uuid.UUID:
    """Somebody whose letter has not left, as the database's administrator sees it."""
    url, _ = administrator(editor.copy)
    with MongoClient[dict[str, Any]](url) as client:
        batches = client["publishing"]["batches"].find({"mailing": made["id"]}).sort("_id", -1)
        for batch in batches:
            index = bytes(batch["states"]).find(0)
            if index >= 0:
                return uuid.UUID(bytes=bytes(batch["people"])[16 * index : 16 * index + 16])
    raise AssertionError("nobody waits")


async def released(editor: Editor, id_: str) -> None:
    """A brochure's first edition, from its draft."""
    made = await editor.ask("POST", "/publications", 201, json={"id": id_, "kind": "brochure"})
    texts = {"sv": {"title": "Att våga fråga", "summary": "Till dig.", "markdown": BROCHURE}}
    draft = {"texts": texts, "pictures": {}}
    made = await editor.change("PUT", f"/publications/{id_}/draft", made, json=draft)
    first = {"edition": "1.0.0", "changes": {}}
    await editor.change("POST", f"/publications/{id_}/editions", made, 201, json=first)


async def orders_until_the_shelf_is_empty(
    editor: Editor, id_: str, *, copies: int, each: int
) -> list[tuple[int, Any]]:
    """Schools order without an account, until one is refused; status and answer of each."""
    item = {"publication": id_, "language": "sv", "edition": "1.0.0", "copies": copies}
    await editor.ask("POST", "/print-items", 201, json=item, who="amina.lund")
    answers: list[tuple[int, Any]] = []
    while not answers or answers[-1][0] == 201:
        contact = {
            "name": "Åsa Exempel",
            "email": "asa@bergaskolan.example",
            "phone": "040-12 34 56",
            "address": "Skolgatan 1\n211 00 Malmö",
        }
        wish = {"publication": id_, "language": "sv", "copies": each, "municipality": "Malmö"}
        school = f"Bergaskolan {len(answers)}"
        answer = await editor.client.post(
            f"{API}/print-orders",
            json={**wish, "school": school, "contact": contact},
            headers={"Idempotency-Key": new_id()},
        )
        answers.append((answer.status_code, answer.json()))
    return answers


def arrived(copy: WholeCopy) -> dict[str, list[Any]]:
    """What reached the outside: address → its letters, oldest first."""
    found: dict[str, list[Any]] = {}
    path = copy.folder.folder("sinks") / "mail.jsonl"
    for line in path.read_text("utf-8").splitlines():
        mail = json.loads(line)
        for one in mail["to"]:
            found.setdefault(one, []).append(mail)
    return found


def parsed(mail: Any) -> Any:
    """A letter, for looking at."""
    content = base64.b64decode(mail["content"])
    return email.message_from_bytes(content, policy=email.policy.default)
