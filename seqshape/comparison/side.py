"""One of the two models of a comparison: what was found of it, and what it was made from."""

import json

from seqshape.convert import Subject
from seqshape.engine import Engine
from seqshape.engine.question import World
from seqshape.frozen import frozen
from seqshape.graph import Graph, Node
from seqshape.inner import layer_arguments
from seqshape.report import ReportData
from seqshape.spec import Spec


@frozen
class Side:
    """A model that was judged. `subject` is None where Keras does not take it whole."""

    report: ReportData
    spec: Spec
    graph: Graph
    engine: Engine
    subject: Subject | None

    @property
    def world(self) -> World:
        """Keras's global settings for the model."""
        settings = self.spec.settings
        words = (settings.floatx, settings.image_data_format, settings.dtype_policy)
        return World(*(None if word is None else word.text for word in words))

    def shared(self, node: Node) -> tuple[tuple[str, str], ...]:
        """The layers that a node's layer may name."""
        if node.group is None:
            return ()
        members = (each for each in self.graph.nodes if each.group == node.group)
        return tuple(
            (
                each.path,
                json.dumps({"type": each.entry.type.text, **layer_arguments(each, self.graph)}),
            )
            for each in members
            if each.entry.reuse is None and each.entry.type is not None
        )
