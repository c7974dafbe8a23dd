"""What was just removed can be written again: the page that says so holds it, as `part.put_back`.

It is the page's own form, so that nothing is kept for a while that somebody wanted gone.
"""

from __future__ import annotations

from collections.abc import Mapping

Removed = tuple[str, Mapping[str, str]]
"""Where it is written again, and the fields that the form there has."""
