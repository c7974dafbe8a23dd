"""Every rule of a case that can say no, with the sentence for the one who asked.

Nothing sent is repeated, and no sentence says more about a case than its number or date.
"""

from __future__ import annotations

from shared.kernel.refusal import Refusal


class NotInThisPhase(Refusal):
    """The case's phase does not know the command."""

    kind = "not-in-this-phase"
    sv = "Det går inte i den fas som ärendet är i nu."
    en = "That cannot be done in the phase that the case is in now."


class AssessmentMissing(Refusal):
    """Nothing is planned before it is assessed."""

    kind = "assessment-missing"
    sv = "Gör bedömningen först. Därefter kan ni planera."
    en = "Make the assessment first. Then you can plan."


class PlanMissing(Refusal):
    """Support follows a plan with at least one open goal."""

    kind = "plan-missing"
    sv = "Det behövs en plan med minst ett öppet mål innan stödet börjar."
    en = "A plan with at least one open goal is needed before support begins."


class ReviewDateMissing(Refusal):
    """Support has a next review."""

    kind = "review-date-missing"
    sv = "Bestäm först när ni följer upp."
    en = "First decide when you will review."


class DateHasPassed(Refusal):
    """A deadline lies ahead."""

    kind = "date-has-passed"
    sv = "Välj en dag som kommer."
    en = "Choose a day to come."


class ReasonMissing(Refusal):
    """What is unusual is done with a reason from the list."""

    kind = "reason-missing"
    sv = "Välj en anledning i listan."
    en = "Choose a reason from the list."


class AlreadyInCircle(Refusal):
    """A person stands in the circle once."""

    kind = "already-in-circle"
    sv = "Personen finns redan i kretsen kring ärendet."
    en = "That person is already in the circle of the case."


class NotInCircle(Refusal):
    """Only somebody in the circle can leave it or be handed over from."""

    kind = "not-in-circle"
    sv = "Personen finns inte i kretsen kring ärendet."
    en = "That person is not in the circle of the case."


class LeadIsHandedOver(Refusal):
    """A case is never without a lead: the lead hands over, and cannot just leave."""

    kind = "lead-is-handed-over"
    sv = "Ärendet måste ha en ansvarig. Lämna över det till någon annan i stället."
    en = "The case must have a lead. Hand it over to somebody else instead."


class RelationNotInPhase(Refusal):
    """Mentors belong to planning and support, the aftercare circle to aftercare."""

    kind = "relation-not-in-phase"
    sv = "Den rollen hör inte till den fas som ärendet är i nu."
    en = "That role does not belong to the phase that the case is in now."


class CannotBeShown(Refusal):
    """What somebody may be let see is a closed list."""

    kind = "cannot-be-shown"
    sv = "Välj bland översikt, plan, möten, anteckningar, kontakter, bedömning, remiss, identitet."
    en = "Choose among overview, plan, meetings, notes, contact, assessment, referral, identity."


class StandInMissing(Refusal):
    """A lead is away only when somebody stands in."""

    kind = "stand-in-missing"
    sv = "Utse en ersättare först."
    en = "Name a stand-in first."


class StandInTaken(Refusal):
    """One stand-in at a time."""

    kind = "stand-in-taken"
    sv = "Ärendet har redan en ersättare."
    en = "The case already has a stand-in."


class StandInIsActing(Refusal):
    """Whoever acts for an absent lead does not leave."""

    kind = "stand-in-is-acting"
    sv = "Ersättaren ansvarar för ärendet nu. Lämna över det först."
    en = "The stand-in is responsible for the case now. Hand it over first."


class NotNamed(Refusal):
    """Only named staff come near a protected identity."""

    kind = "not-named"
    sv = "Personen är inte utsedd för skyddade uppgifter i det här ärendet."
    en = "That person is not named for the protected details of this case."


class LeadMustBeNamed(Refusal):
    """The lead of a protected case is among the named."""

    kind = "lead-must-be-named"
    sv = "Den ansvariga måste vara med bland de utsedda."
    en = "The lead must be among the named."


class ProtectedStaysHere(Refusal):
    """A protected identity is neither exported nor shared."""

    kind = "protected-stays-here"
    sv = "Uppgifterna är skyddade och lämnar inte systemet."
    en = "The details are protected and do not leave the system."


class AftercarePlanMissing(Refusal):
    """Nobody is let go without an aftercare plan."""

    kind = "aftercare-plan-missing"
    sv = "Det behövs en plan för eftervården med ett öppet mål innan ärendet kan avslutas."
    en = "A plan for the aftercare with an open goal is needed before the case can be closed."


class ClosureIsStale(Refusal):
    """What is approved is what was proposed."""

    kind = "closure-is-stale"
    sv = "Planen för eftervården har ändrats sedan förslaget. Föreslå avslut på nytt."
    en = "The aftercare plan has changed since the proposal. Propose the closure again."


class TwoPeopleClose(Refusal):
    """Whoever proposed a closure neither approves nor refuses it."""

    kind = "two-people-close"
    sv = "Någon annan än den som föreslog avslutet behöver ta ställning."
    en = "Somebody other than the one who proposed the closure needs to decide."


class NotYourProposal(Refusal):
    """Only the one who proposed takes the proposal back; others refuse it."""

    kind = "not-your-proposal"
    sv = "Bara den som föreslog avslutet kan ta tillbaka förslaget."
    en = "Only the one who proposed the closure can withdraw the proposal."


class GlassNotReviewed(Refusal):
    """A case with an emergency access that nobody has reviewed cannot be closed."""

    kind = "glass-not-reviewed"
    sv = "En nödöppning är inte granskad än. Granska den först."
    en = "An emergency access has not been reviewed yet. Review it first."


class ConcernUndecided(Refusal):
    """For a minor it is decided whether to report concern, before anything ends."""

    kind = "concern-undecided"
    sv = "Ta först ställning till om en orosanmälan ska göras."
    en = "First decide whether to make a report of concern."


class GlassTooLong(Refusal):
    """An emergency access lasts 1 to 60 minutes."""

    kind = "glass-too-long"
    sv = "En nödöppning kan gälla i högst {most} minuter."
    en = "An emergency access can last for {most} minutes at most."


class GlassAwaitsReview(Refusal):
    """Nobody opens again before their last emergency access is reviewed."""

    kind = "glass-awaits-review"
    sv = "Din förra nödöppning behöver granskas först. Be en kollega om hjälp."
    en = "Your last emergency access needs to be reviewed first. Ask a colleague for help."


class GlassIsAsked(Refusal):
    """A question to the named stands for an hour, and is asked once in it."""

    kind = "glass-is-asked"
    sv = "Din fråga om nödöppning väntar redan på svar."
    en = "Your request for emergency access already awaits an answer."


class GlassUnknown(Refusal):
    """No such emergency access on this case."""

    kind = "glass-unknown"
    sv = "Nödöppningen finns inte."
    en = "There is no such emergency access."


class SecondPersonNeeded(Refusal):
    """The second person is somebody else, and is asked once, within the hour."""

    kind = "second-person-needed"
    sv = "Det behövs en annan person som bekräftar, och frågan gäller i en timme."
    en = "Another person needs to confirm, and the question stands for an hour."


class GlassStillOpen(Refusal):
    """A review looks back: the emergency access has ended."""

    kind = "glass-still-open"
    sv = "Nödöppningen pågår fortfarande."
    en = "The emergency access is still open."


class SomebodyElseReviews(Refusal):
    """Nobody reviews an emergency access that they opened or confirmed."""

    kind = "somebody-else-reviews"
    sv = "Någon annan än de som öppnade behöver granska."
    en = "Somebody other than those who opened needs to review."


class GlassIsReviewed(Refusal):
    """A review stands."""

    kind = "glass-is-reviewed"
    sv = "Nödöppningen är redan granskad."
    en = "The emergency access is already reviewed."


class OnLegalHold(Refusal):
    """What the law needs kept is kept."""

    kind = "on-legal-hold"
    sv = "Uppgifterna måste sparas tills vidare och kan inte raderas."
    en = "The details must be kept for now and cannot be erased."


class TooEarlyToErase(Refusal):
    """The retention clock has not run out."""

    kind = "too-early-to-erase"
    sv = "Gallringstiden har inte gått ut: {until}."
    en = "The retention time has not run out: {until}."
