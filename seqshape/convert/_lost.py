"""What of a spec a model of Keras has no place for, in words: layers and inputs that lead to no output.

A nested model keeps its own layers, whoever reads what it gives; but not an input that none of them reads.
"""

from collections.abc import Iterator

from seqshape.convert import Subject
from seqshape.convert._program import Copies, Item, Nested, Program, Value, is_source, reads, values_of
from seqshape.graph import owner_of

_MOST = 3
"""Names in one sentence."""


def lost_in_keras(subject: Subject, program: Program) -> tuple[str, ...]:
    """Each thing that is lost, as a sentence."""
    nested = tuple(_nested(program.items))
    dead = list(_dead(subject, program, nested))
    found = []
    if dead:
        leads = "leads" if len(dead) == 1 else "lead"
        found.append(
            f"{_listed(dead)} {leads} to none of the outputs, and a Keras model has only what does"
        )
    copies = {copy.path: copy for copy in subject.graph.blocks}
    for model in nested:
        given = [
            value
            for feed in copies[model.path].feeds
            for link in feed.links
            for value in values_of(link, subject.rows)
        ]
        unread = dict.fromkeys(
            subject.graph.nodes[each.node].path for each in given if each not in model.inputs
        )
        if unread and model.inputs:
            found.append(f"nothing in `{model.path}` reads {_listed(list(unread))}: it has one input less")
    return tuple(found)


def _listed(names: list[str]) -> str:
    words = [f"`{name}`" for name in names[:_MOST]]
    if len(names) > _MOST:
        words = [*words[:-1], f"{len(names) - _MOST + 1} more"]
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _nested(items: tuple[Item, ...]) -> Iterator[Nested]:
    """All models in models."""
    for item in items:
        match item:
            case Nested():
                yield item
                yield from _nested(item.items)
            case Copies():
                for copy in item.copies:
                    yield from _nested(copy)


def _dead(subject: Subject, program: Program, nested: tuple[Nested, ...]) -> Iterator[str]:
    """The layers of which no call leads to an output."""
    graph = subject.graph
    alive: set[int] = set()
    todo = list(program.outputs)
    waiting = list(nested)
    while todo:
        _reach(subject, todo, alive)
        owners = {owner_of(graph.nodes[index], graph).index for index in alive}
        held = [model for model in waiting if any(model.first <= index < model.end for index in owners)]
        waiting = [model for model in waiting if model not in held]
        for model in held:  # a model that is called has all of its layers
            todo.extend(Value(index, 0) for index in range(model.first, model.end))
    owners = {owner_of(graph.nodes[index], graph).index for index in alive}
    for node in graph.nodes:
        if node.entry.reuse is None and node.index not in owners and not is_source(node):
            yield node.path


def _reach(subject: Subject, todo: list[Value], alive: set[int]) -> None:
    """Adds all that values come from; `todo` is empty then."""
    while todo:
        index = todo.pop().node
        if index not in alive:
            alive.add(index)
            todo.extend(reads(subject.rows[index]))
