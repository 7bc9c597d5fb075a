"""Whether the states that a recurrent layer starts from are those that it keeps.

Keras does not look: it builds with any, drops one in silence, or fails where the states meet a weight.
What the layer keeps is asked: the same layer says what states it would return.
"""

from seqshape.engine.question import Facts, Given, agree
from seqshape.flow import Flow
from seqshape.graph import Graph, Node, owner_of
from seqshape.shape_faults import Met, WrongStates
from seqshape.tree import Json

STATES = "initial_state"
_SEQUENCES = ("output", "forward_output", "backward_output")
_WRAPPED = ("layer", "backward_layer")
"""Where a layer round another one has it."""


def wrong_states(
    node: Node,
    graph: Graph,
    met: tuple[Met, ...],
    given: tuple[Given, ...],
    flow: Flow,
    arguments: dict[str, Json] | None = None,
) -> WrongStates | None:
    """A fault where the number, the width or the rank of the states is not what the layer keeps.

    `arguments` are asked about in place of the layer's own.
    """
    states = tuple(each for each in met if each.parameter == STATES)
    if not states:
        return None
    needed = states_of(node, given, flow, arguments)
    if not needed or (
        len(needed) == len(states)
        and all(agree(shape, each.shape) for (_, shape), each in zip(needed, states, strict=True))
    ):
        return None
    owner = owner_of(node, graph).entry
    type_ = owner.type.text if owner.type is not None else ""
    return WrongStates(node.entry.place, node.title, type_, needed, states)


def states_of(
    node: Node, given: tuple[Given, ...], flow: Flow, arguments: dict[str, Json] | None = None
) -> tuple[tuple[str, tuple[int | None, ...]], ...]:
    """The states that a layer keeps, by name; none where it keeps none, or does not say.

    `arguments` are asked about in place of its own.
    """
    rest = tuple(each for each in given if each.parameter != STATES)
    answer = flow.alone(node, rest, _returning(arguments or flow.arguments(node)))
    if not isinstance(answer, Facts):
        return ()
    found = [output for output in answer.outputs[1:] if output.name not in _SEQUENCES]
    return tuple((output.name, output.tensor.shape) for output in found)


def _returning(arguments: dict[str, Json]) -> dict[str, Json]:
    """The arguments of a layer, set so that it returns its states."""
    wrapped: dict[str, Json] = {
        key: {**value, "return_state": True}
        for key in _WRAPPED
        if isinstance(value := arguments.get(key), dict) and "type" in value
    }
    return {**arguments, **(wrapped or {"return_state": True})}
