"""Where things are: ports chosen once, and servers that were already there."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from deploy.local.data_folder import data_folder
from deploy.local.given import amqp_url_for, mongodb_url_for
from deploy.local.kept_secrets import Secrets
from deploy.local.ports import Ports, any_free
from deploy.local.up import up


def test_a_port_is_kept(tmp_path: Path) -> None:
    """A port chosen once is the same at the next start, so that links keep working."""
    folder = data_folder(tmp_path)
    assert Ports(folder).take("sms-sink") == Ports(folder).take("sms-sink")


def test_a_taken_port_is_chosen_anew(tmp_path: Path) -> None:
    """A kept port that something else listens on meanwhile is given up."""
    folder = data_folder(tmp_path)
    before = Ports(folder).take("sms-sink")
    with socket.create_server(("127.0.0.1", before)):
        assert Ports(folder).take("sms-sink") != before
        assert Ports(folder, in_use=True).take("sms-sink") != before  # the new one was kept


def test_the_front_door_takes_the_next_free_port(tmp_path: Path) -> None:
    """Two copies that start at once do not choose the same front door."""
    one, two = Ports(data_folder(tmp_path / "1")), Ports(data_folder(tmp_path / "2"))
    assert one.take_from("web", 8400) < two.take_from("web", 8400)


def test_copies_that_start_at_once_choose_different_ports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever ports chance gives: what one has chosen is no more to be had."""
    chosen = iter([free := any_free([]), free, any_free([])])
    monkeypatch.setattr("deploy.local.ports.random.choice", lambda _: next(chosen))
    one, two = Ports(data_folder(tmp_path / "1")), Ports(data_folder(tmp_path / "2"))
    assert one.take("sms-sink") == free
    assert two.take("sms-sink") != free


def test_secrets_are_made_once(tmp_path: Path) -> None:
    """A password is the same at the next start, unlike any other, and nobody else can read it."""
    folder = data_folder(tmp_path)
    made = Secrets(folder).word("amqp/booking")
    assert made == Secrets(folder).word("amqp/booking")
    assert made != Secrets(folder).word("amqp/notifications")
    assert folder.secrets.stat().st_mode & 0o077 == 0


def test_servers_that_were_there_are_used_with_our_own_users() -> None:
    """An administrator's address becomes a service's: same hosts and options, another user."""
    assert mongodb_url_for(
        "mongodb://root:p%40ss@a:1,b:2/?replicaSet=rs7&tls=true", "booking", "w/o", "booking"
    ) == ("mongodb://booking:w%2Fo@a:1,b:2/booking?replicaSet=rs7&tls=true&authSource=admin")
    assert (
        amqp_url_for("amqps://guest:guest@broker:5671/", "booking", "w")
        == "amqps://booking:w@broker:5671/safespace"
    )


async def test_an_unknown_process_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--only` with a name that is not in the table says which names there are."""
    assert await up(data_folder(tmp_path), only=["nonsense"]) == 1
    assert "booking-http" in capsys.readouterr().out
