"""The rules of matching somebody that can say no."""

from __future__ import annotations

from shared.kernel.refusal import Refusal


class TooManyCases(Refusal):
    """A matching is answered while the asker waits."""

    kind = "too-many-cases"
    sv = "Högst {most} ärenden kan matchas på en gång. Dela upp dem i flera omgångar."
    en = "At most {most} cases can be matched at once. Divide them into several rounds."


class NotToBeMatched(Refusal):
    """Only whoever is planned for or supported gets a mentor, and has one or none."""

    kind = "not-to-be-matched"
    sv = "Bara ärenden i planering eller stöd, med högst en mentor, kan matchas."
    en = "Only cases in planning or support, with at most one mentor, can be matched."


class StaleProposal(Refusal):
    """A decision stands on what the matching saw."""

    kind = "stale-proposal"
    sv = "Ärendet eller mentorn har ändrats sedan matchningen gjordes. Gör en ny matchning."
    en = "The case or the mentor has changed since the matching was made. Make a new matching."


class ProfileMissing(Refusal):
    """Whoever becomes a mentor is known: what they must not meet, and whether they were checked."""

    kind = "mentor-profile-missing"
    sv = "Den som ska bli mentor har ingen profil än. Skriv mentorns profil först."
    en = "Whoever is to be the mentor has no profile yet. Write the mentor's profile first."


class PairForbidden(Refusal):
    """No reason outweighs a hard constraint. `why_sv` and `why_en` name all that stand between."""

    kind = "pair-forbidden"
    sv = "De två får inte bli ett par: {why}."
    en = "The two may not become a pair: {why}."

    def says(self, language: str) -> str:
        """What stands between them, in the same language."""
        why = self.facts["why_sv" if language == "sv" else "why_en"]
        return (self.sv if language == "sv" else self.en).format(why=why)


class NotAsProposed(Refusal):
    """Whoever decides otherwise says why."""

    kind = "not-as-proposed"
    sv = "Mentorn är inte den som föreslogs. Välj ett annat skäl och skriv varför."
    en = "The mentor is not the one that was proposed. Choose another reason and write why."
