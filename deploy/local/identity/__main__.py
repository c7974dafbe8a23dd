"""`python -m deploy.local.identity`."""

from __future__ import annotations

import sys

from pydantic import ValidationError

from deploy.local.identity.server import run
from deploy.local.identity.settings import Settings


def main() -> None:
    """Start, or say why not."""
    try:
        settings = Settings()
    except ValidationError as wrong:
        named = ", ".join(sorted({str(error["loc"][0]) for error in wrong.errors()}))
        sys.exit(f"Demo-inloggningen startar bara i den lokala profilen. Fel i: {named}")
    run(settings)


if __name__ == "__main__":
    main()
