"""Rings in what feeds what: the shortest one that an edge closes."""

from collections import deque

from seqshape.graph import FLOWING


def shortest_ring(
    feeds: dict[int, list[int]], index: int, source: int, most: int
) -> tuple[tuple[int, ...] | None, int]:
    """The shortest ring that the edge from `source` to `index` closes, and the steps spent on it."""
    came: dict[int, int] = {source: index}
    queue = deque([source])
    steps = 0
    while queue and steps < most:
        node = queue.popleft()
        steps += 1
        if node == index:
            ring = [index]
            while (node := came[node]) != index:
                ring.append(node)
            return tuple(ring), steps
        for earlier in feeds[node]:
            if earlier not in came and earlier != FLOWING:
                came[earlier] = node
                queue.append(earlier)
    return None, steps
