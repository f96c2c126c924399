"""How large a document may be, and measuring it without falling into its depths."""

from typing import Any

MAX_NODES = 2_000
MAX_EDGES = 10_000
MAX_DEPTH = 24
"""Lists and objects inside one another in a node's params."""
MAX_SIZE = 256 * 1024
"""Of one node's params, about as many characters as their JSON has."""


def depth_and_size(value: Any) -> tuple[int, int]:
    """Greatest nesting and rough JSON length; stops measuring beyond the limits."""
    deepest, size = 0, 0
    stack = [(value, 1)]
    while stack and size <= MAX_SIZE and deepest <= MAX_DEPTH:
        item, depth = stack.pop()
        if isinstance(item, str):
            size += len(item) + 2
        elif isinstance(item, dict):
            deepest = max(deepest, depth)
            size += 2
            for key, inner in item.items():
                size += len(key) + 4 if isinstance(key, str) else 8
                stack.append((inner, depth + 1))
        elif isinstance(item, list):
            deepest = max(deepest, depth)
            size += 2 + len(item)
            stack.extend((inner, depth + 1) for inner in item)
        elif isinstance(item, int) and not isinstance(item, bool):
            size += item.bit_length() // 3 + 1
        else:
            size += 8
    return deepest, size
