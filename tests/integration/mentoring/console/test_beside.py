"""Two who decide the same thing: the second sees both, and no word that they typed is lost."""

from __future__ import annotations

import pytest

from tests.integration.mentoring.console.conftest import CANARY, Browser, Desk
from tests.integration.mentoring.world import GRETA, KARIN

CHILD = {"name": CANARY, "birth_date": "2012-05-01"}
REFERRALS, QUESTIONS = "/console/referrals", "/console/consultations"


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ("accept", {"municipality": "Burlöv", "days": "30"}),
        ("decline", {"reason": "other-help", "concern": "no:known-to-social-services"}),
    ],
)
async def test_a_referral_that_somebody_else_decided(
    desk: Desk, wish: str, said: dict[str, str]
) -> None:
    """It stands as it was decided, beside what was decided and typed here; the way on is theirs."""
    made = {"kind": "school", "about": CHILD, "worry": "Har slutat komma."}
    await desk.world.asks(KARIN, "POST", "/v1/referrals", 202, json=made)
    at = f"{REFERRALS}/" + (await desk.world.rows("referrals"))[0]["_id"]
    async with desk.signed_in(KARIN) as karin:
        old = await karin.opens(at)
        done = await karin.sends(await karin.opens(at), at, {}, holding='value="accept"')
        assert done.status_code == 303, done.text
        late = await karin.sends(old, at, said, holding=f'value="{wish}"')
        assert late.status_code == 412, late.text
        assert "blev ett ärende" in late.text
        for words in (
            ("Burlöv", "var 30:e dag") if wish == "accept" else ("annan hjälp", "socialtjänst")
        ):
            assert words.lower() in late.text.lower(), late.text
        again = await karin.sends(late.text, at, {})
        assert again.status_code == 409, "it is decided once, and says so"


@pytest.mark.parametrize("wish", ["answer", "close", "refer"])
async def test_a_question_that_somebody_else_answered(desk: Desk, wish: str) -> None:
    """Their answer stands beside the one that was written here."""
    asked = {"question": "Hur pratar vi om det?", "profession": "school", "topic": "worry"}
    await desk.world.asks(KARIN, "POST", "/v1/consultations", 202, json=asked)
    at = f"{QUESTIONS}/" + (await desk.world.rows("consultations"))[0]["_id"]
    to = f"{at}/referral" if wish == "refer" else at
    async with desk.signed_in(KARIN) as karin:
        form, first = await karin.opens(to), await karin.opens(at)
        done = await karin.sends(first, at, {"text": "Fråga dem själva."})
        assert done.status_code == 303, done.text
        mine = {"answer": {"text": "Ring oss."}, "close": {"do": "close"}, "refer": CHILD}[wish]
        holding = 'value="close"' if wish == "close" else ""
        late = await karin.sends(form, to, mine, holding=holding)
        assert late.status_code == 412, late.text
        assert "Fråga dem själva." in late.text
        assert {"answer": "Ring oss.", "close": "avslutad", "refer": CANARY}[wish] in late.text


async def test_a_hold_that_somebody_else_gave(desk: Desk) -> None:
    """Another reason stands there by now: both are shown, and neither is passed over unseen."""
    case_id = await desk.a_case()
    to = f"/console/cases/{case_id}/keeping"
    async with desk.signed_in(GRETA) as greta:
        old = await greta.opens(to)
        await _holds(greta, old, to, "legal-claim", 303)
        await _holds(greta, old, to, "legal-claim", 303)
        late = await _holds(greta, old, to, "supervision", 412)
        for words in ("rättsligt anspråk", "tillsyn", "Inget är gjort"):
            assert words in late
        now = await greta.opens(to)
        assert 'value="hold"' not in now, "it is lifted before there is another"
        lifts = {"do": "lift", "stood": "supervision"}
        lifted = await greta.sends(now, to, lifts, holding='value="lift"')
        assert lifted.status_code == 412, "what they would lift is not what they saw"
        assert (await greta.sends(now, to, {"do": "lift"}, holding="lift")).status_code == 303


async def _holds(greta: Browser, page: str, to: str, reason: str, status: int) -> str:
    done = await greta.sends(page, to, {"do": "hold", "reason": reason})
    assert done.status_code == status, done.text
    return done.text
