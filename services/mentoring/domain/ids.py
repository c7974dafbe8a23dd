"""The names by which the domain knows things and people. None is drawn here."""

from __future__ import annotations

from typing import NewType

Username = NewType("Username", str)
"""A staff member's own short name (`karin.holm`); a case's circle is matched by it."""

CaseId = NewType("CaseId", str)
PersonId = NewType("PersonId", str)
ReferralId = NewType("ReferralId", str)
MeetingId = NewType("MeetingId", str)
NoteId = NewType("NoteId", str)
GlassId = NewType("GlassId", str)
ConsentId = NewType("ConsentId", str)
ShareId = NewType("ShareId", str)

CLOCKWORK = Username("clockwork")
"""Who did it when time alone did it; never the name of a person."""
