"""The rules of what hangs on a case: assessments, plans, notes, meetings, consents and shares."""

from __future__ import annotations

from shared.kernel.refusal import Refusal


class NotAMinor(Refusal):
    """Reports of concern are about people under 18."""

    kind = "not-a-minor"
    sv = "En orosanmälan gäller den som är under 18 år."
    en = "A report of concern is about somebody under 18."


class NoConcernOpen(Refusal):
    """There is nothing to decide."""

    kind = "no-concern-open"
    sv = "Det finns ingen fråga om orosanmälan att ta ställning till."
    en = "There is no question of a report of concern to decide."


class AnswersDoNotFit(Refusal):
    """The answers do not fit the questionnaire: `question` is the first one that is wrong."""

    kind = "answers-do-not-fit"
    sv = "Ett svar saknas eller passar inte frågan: {question}."
    en = "An answer is missing or does not fit the question: {question}."


class AnswerUnknown(Refusal):
    """The questionnaire has no such question."""

    kind = "answer-unknown"
    sv = "Formuläret har inte alla frågor som besvarades. Läs in det igen."
    en = "The questionnaire does not have all the questions answered. Load it again."


class TextMissing(Refusal):
    """What people must read may not be blank."""

    kind = "text-missing"
    sv = "Skriv något: texten får inte vara tom."
    en = "Write something: the text may not be empty."


class TextTooLong(Refusal):
    """A text has a limit."""

    kind = "text-too-long"
    sv = "Texten får vara högst {limit} tecken."
    en = "The text may be at most {limit} characters."


class PlanTooLarge(Refusal):
    """A plan that nobody can read helps nobody."""

    kind = "plan-too-large"
    sv = "En plan har högst {goals} mål med högst {actions} insatser vardera."
    en = "A plan has at most {goals} goals with at most {actions} actions each."


class OwnerNotInCircle(Refusal):
    """An action is somebody's: somebody in the circle, or the young person's own."""

    kind = "owner-not-in-circle"
    sv = "Den som ansvarar för en insats ska finnas i kretsen kring ärendet."
    en = "Whoever owns an action must be in the circle of the case."


class IdTwice(Refusal):
    """Goals and actions are told apart by their ids."""

    kind = "id-twice"
    sv = "Två mål eller insatser har samma id."
    en = "Two goals or actions have the same id."


class NotYourNote(Refusal):
    """A note is signed by the one who writes it."""

    kind = "not-your-note"
    sv = "En anteckning skrivs i eget namn."
    en = "A note is written in one's own name."


class AddendumToAddendum(Refusal):
    """A correction belongs to the note itself."""

    kind = "addendum-to-addendum"
    sv = "Ett tillägg görs till själva anteckningen."
    en = "An addendum belongs to the note itself."


class DayIsAhead(Refusal):
    """What has not been cannot be recorded."""

    kind = "day-is-ahead"
    sv = "Den dagen har inte varit än."
    en = "That day has not been yet."


class BeforeTheCase(Refusal):
    """Contact with a case begins with the case."""

    kind = "before-the-case"
    sv = "Den dagen ligger före ärendets början."
    en = "That day lies before the case began."


class UnknownWay(Refusal):
    """Contact is a meeting, a call, a message or a visit."""

    kind = "unknown-way"
    sv = "Kontakten ska vara ett möte, ett samtal, ett meddelande eller ett besök."
    en = "The contact must be a meeting, a call, a message or a visit."


class ContactDaysUnknown(Refusal):
    """Contact is expected every 14 or every 30 days."""

    kind = "contact-days-unknown"
    sv = "Välj kontakt minst var 14:e eller var 30:e dag."
    en = "Choose contact at least every 14 or every 30 days."


class AftercareRuns(Refusal):
    """A case is not put away before the aftercare has been looked back at."""

    kind = "aftercare-runs"
    sv = "Eftervården pågår fram till uppföljningen {until}."
    en = "The aftercare goes on until its review on {until}."


class ReferralIsDecided(Refusal):
    """A referral is decided once."""

    kind = "referral-is-decided"
    sv = "Anmälan är redan hanterad."
    en = "The referral has already been dealt with."


class ConsultationIsAnswered(Refusal):
    """A question is answered once."""

    kind = "consultation-is-answered"
    sv = "Frågan är redan besvarad."
    en = "The question has already been answered."


class UnknownCode(Refusal):
    """The value is not in its list."""

    kind = "unknown-code"
    sv = "Välj ett av alternativen i listan."
    en = "Choose one of the alternatives in the list."
