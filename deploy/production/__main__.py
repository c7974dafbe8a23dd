"""`python -m deploy.production write` makes the manifests; `… secrets FOLDER` an installation's.

`secrets FOLDER [--kubernetes]` makes what is missing and never overwrites. The difference is in the
addresses inside the URLs.
"""

from __future__ import annotations

import sys
from pathlib import Path

DEPLOY = Path(__file__).resolve().parents[1]


def main(arguments: list[str]) -> None:
    """Exit code 1 when a secret is still missing that we cannot make."""
    match arguments:
        case ["write"]:
            write()
        case ["secrets", folder]:
            _make_secrets(Path(folder), kubernetes=False)
        case ["secrets", folder, "--kubernetes"]:
            _make_secrets(Path(folder), kubernetes=True)
        case _:
            sys.exit("python -m deploy.production write | secrets FOLDER [--kubernetes]")


def write() -> None:
    """Write each file, and say which ones changed."""
    from deploy.production.files import files

    for name, text in files().items():
        path = DEPLOY / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")
            print(f"deploy/{name}")


def _make_secrets(folder: Path, *, kubernetes: bool) -> None:
    from deploy.production.secret_store import Store

    missing = Store(folder, "kubernetes" if kubernetes else "compose").make()
    for name in missing:
        print(f"Lägg själv dit · Put there yourself: {folder / name}", file=sys.stderr)
    if missing:
        sys.exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
