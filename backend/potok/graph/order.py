"""How nodes follow one another: cycles, ancestors and reachability, each in linear time and without recursion."""

from collections.abc import Iterable, Sequence

Links = Sequence[Sequence[int]]
"""For each node (by position) the positions of the nodes after it."""


def components(links: Links) -> list[list[int]]:
    """Strongly connected components, later ones first (Tarjan, with its own stack)."""
    count = len(links)
    index, low = [-1] * count, [0] * count
    on_stack, stack, found = [False] * count, [], []
    clock = 0
    for root in range(count):
        if index[root] != -1:
            continue
        work = [(root, 0)]
        while work:
            node, place = work.pop()
            if place == 0:
                index[node] = low[node] = clock
                clock += 1
                stack.append(node)
                on_stack[node] = True
            elif on_stack[links[node][place - 1]]:
                low[node] = min(low[node], low[links[node][place - 1]])
            while place < len(links[node]):
                after = links[node][place]
                place += 1
                if index[after] == -1:
                    work.append((node, place))
                    work.append((after, 0))
                    break
                if on_stack[after]:
                    low[node] = min(low[node], index[after])
            else:
                if low[node] == index[node]:
                    found.append(_pop_until(node, stack, on_stack))
    return found


def _pop_until(node: int, stack: list[int], on_stack: list[bool]) -> list[int]:
    component = []
    while True:
        top = stack.pop()
        on_stack[top] = False
        component.append(top)
        if top == node:
            return component[::-1]


def cycle_in(component: Sequence[int], links: Links) -> list[int]:
    """One way round inside a component of several nodes (or of one that points to itself)."""
    inside = set(component)
    path: list[int] = []
    place: dict[int, int] = {}
    node = component[0]
    while node not in place:
        place[node] = len(path)
        path.append(node)
        node = next(after for after in links[node] if after in inside)
    return path[place[node] :]


def ancestors(links: Links, parts: Sequence[Sequence[int]]) -> list[int]:
    """For each node the set of nodes upstream of it, as bits. Nodes of one cycle are upstream of each other."""
    before = [0] * len(links)
    for part in reversed(parts):  # earlier ones first
        shared = 0
        if len(part) > 1:
            for node in part:
                shared |= before[node] | (1 << node)
        for node in part:
            before[node] |= shared
        for node in part:
            own = before[node] | (1 << node)
            for after in links[node]:
                before[after] |= own
    return before


def reachable(links: Links, starts: Iterable[int]) -> set[int]:
    """The starts and everything after them."""
    found = set(starts)
    work = list(found)
    while work:
        for after in links[work.pop()]:
            if after not in found:
                found.add(after)
                work.append(after)
    return found
