"""A store can only be asked on somebody's behalf: whatever it tells, it tells an actor, `by`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from shared.contracts.catalogue import SERVICES
from tests.architecture.test_the_house import Function, files, functions, tree, where

EXCEPT = {
    "Ledger": "one load serves a whole group of wishes; each was authorised before it joined",
    "MongoLedger": "as its port",
    "UnsafeLedger": "as its port",
    "RoomClaims": "a part of the ledger",
    "Cards.seal": "gives back what was just given, sealed",
    "MongoCards.seal": "as its port",
    "Records.sealed": "gives back what was just given, sealed",
    "Tell": "gives nothing back from the store",
    "Transact": "gives back what the work gives",
    "Courier": "a way out of the house, no store",
    "ProviderList": "the provider's list, no store",
    "People": "keys: ciphertexts come from a store that was asked by somebody",
    "OwnJournal": "`by` comes second, as shared.delivery.journal calls it",
    "MongoConsents.consent_document": "gives back what was just given, sealed",
    "MongoConsents.share_document": "as above",
    "MongoMeetings.changed": "gives back what was just given, sealed",
    "FeedLog": "asked with a Sight, which says for whom, or by our own senders",
    "Partners": "whoever comes is looked up before it is known who it is; routes name their right",
    "Webhooks": "each is asked for with its partner, or by our own senders",
    "Attempts": "of a webhook, which was asked for with its partner",
    "Errands": "as Attempts",
    "Measures": "how often a partner has asked, of nobody",
    "Receipts": "kept for a partner, by its id",
    "Ledgers": "bytes and ids for our own mailers; who looks asks `tally` and `pages`",
    "MongoBatches": "as its port, and counts for our own worker",
    "Contents": "words that everybody on a list gets",
    "MongoContents": "as its port",
    "Readers": "our own mailers', who ask the subscribers as themselves",
    "MongoLimits": "how fast, of nobody",
    "MongoMailings": "a mailing's state and pace, for our own worker; `read` and `listed` say who",
    "MongoSteering": "states and ids, to our own mailers",
}
"""Classes, or questions of classes, among stores and ports that need no `by`, and why."""


def asked(path: Path) -> Iterator[tuple[str, Function]]:
    """The public questions of a module's classes: whatever gives something back."""
    for kind in (node for node in tree(path).body if isinstance(node, ast.ClassDef)):
        for node in kind.body:
            answers = isinstance(node, ast.AsyncFunctionDef) and not (
                isinstance(node.returns, ast.Constant) and node.returns.value is None
            )
            if answers and (node.name == "__call__" or not node.name.startswith("_")):
                yield kind.name, node


def names_who_asks(node: Function) -> bool:
    return any(each.arg == "by" for each in node.args.kwonlyargs)


def stores() -> list[Path]:
    rooms = [path for service in SERVICES for path in files(f"services/{service}")]
    return [path for path in rooms if path.parent.name == "storage" or path.name == "ports.py"]


def test_every_store_is_told_who_asks() -> None:
    """No read of a store, and no port of one, can be called without saying for whom."""
    unasked = [
        f"{where(path)}:{node.lineno} {kind}.{node.name}"
        for path in stores()
        for kind, node in asked(path)
        if not {kind, f"{kind}.{node.name}"} & EXCEPT.keys() and not names_who_asks(node)
    ]
    assert unasked == []


def test_the_measure_itself_works() -> None:
    """Negative control: there are questions to look at, and one without `by` would be seen."""
    seen = [node for path in stores() for _, node in asked(path)]
    assert len(seen) > 50
    assert not names_who_asks(next(functions(Path(__file__))))
