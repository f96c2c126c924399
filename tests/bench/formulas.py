"""How many formulas a second one process reckons: `python -m tests.bench.formulas`. Figures only, no verdict."""

import time
from typing import Any

from potok.graph.formulas import Formula

DATA: dict[str, Any] = {
    "deal": {
        "sum": 150_000,
        "price": "12.50",
        "quantity": 3,
        "name": "Анна",
        "items": [{"price": i, "quantity": 2} for i in range(100)],
    }
}
FORMULAS = (
    "1 + 2",
    'IF(deal.sum > 100000; "A"; "B")',
    "deal.price * deal.quantity",
    "ROUND(deal.price * 1.2; 2)",
    '"Здравствуйте, " & deal.name & "!"',
    "SUM(MAP(deal.items; item.price * item.quantity))",
)
SECONDS = 0.5


def per_second(text: str) -> float:
    """Evaluations a second of a compiled formula."""
    formula = Formula(text)
    count, began = 0, time.perf_counter()
    while (passed := time.perf_counter() - began) < SECONDS:
        for _ in range(100):
            formula.run(DATA)
        count += 100
    return count / passed


def compiled_per_second(text: str) -> float:
    """Parses and compilations a second."""
    count, began = 0, time.perf_counter()
    while (passed := time.perf_counter() - began) < SECONDS:
        Formula(text)
        count += 1
    return count / passed


def main() -> None:
    """Prints the table."""
    print(f"{'formula':<55}{'runs/s':>12}{'compiles/s':>12}")
    for text in FORMULAS:
        print(f"{text:<55}{per_second(text):>12,.0f}{compiled_per_second(text):>12,.0f}")


if __name__ == "__main__":
    main()
