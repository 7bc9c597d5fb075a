"""Short ways from a text to each station's value, for tests."""

from textwrap import dedent

from seqshape import graph_builder, spec_reader, yaml_reader
from seqshape.faults import Fault
from seqshape.graph import Graph
from seqshape.limits import Limits
from seqshape.source import from_text
from seqshape.spec import Spec


def spec_of(text: str, **overrides: int | None) -> tuple[Spec, tuple[Fault, ...]]:
    document, faults = yaml_reader.read(from_text("x.yaml", dedent(text)), Limits())
    spec, more = spec_reader.read(document, overrides)
    return spec, (*faults, *more)


def graph_of(text: str, limits: Limits | None = None) -> tuple[Graph, tuple[Fault, ...]]:
    spec, faults = spec_of(text)
    found, more = graph_builder.build(spec, limits or Limits())
    return found, (*faults, *more)
