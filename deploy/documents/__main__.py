"""Write the generated documents into docs/, and production's manifests (`make docs`)."""

from __future__ import annotations

from pathlib import Path

from deploy.documents.pages import pages
from deploy.production.__main__ import write

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Write each page, and say which ones changed."""
    for name, text in pages().items():
        path = ROOT / "docs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")
            print(f"docs/{name}")
    write()


if __name__ == "__main__":
    main()
