"""Writes docs/formulas/*.md from the functions' own declarations: `python -m tools.formula_reference`."""

from pathlib import Path

from potok.graph.formulas.reference import pages

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "formulas"


def main() -> None:
    """Writes every page."""
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
