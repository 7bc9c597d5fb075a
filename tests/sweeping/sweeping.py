"""Specs at many sizes, for tests."""

from seqshape.containers import Contents
from seqshape.engine import Engine
from seqshape.limits import Limits
from seqshape.sweeping.result import Combination, Sweep
from seqshape.sweeping.rows import Grid, swept
from seqshape.sweeping.variants import Variants, variants

GRU = """\
dims: {T: 64, C: 15, H: 16}
layers:
  - {name: chars, type: Input, shape: [T, C]}
  - {name: gru, type: GRU, units: H, return_sequences: true}
  - {name: logits, type: Dense, units: C}
expect: {params: 1839}
"""
PLAIN = """\
layers:
  - {name: chars, type: Input, shape: [null, 15]}
  - {name: gru, type: GRU, units: 16}
  - {name: out, type: Dense, units: 4}
"""


def variants_of(text: str, names: tuple[str, ...], engine: Engine) -> Variants:
    """A spec whose sizes of these names can be given."""
    return variants("x.yaml", Contents(text.encode()), names, limits=Limits(), engine=engine)


def sweep(text: str, grid: Grid, engine: Engine, *, trace: bool | None = None, work: bool = True) -> Sweep:
    """All combinations."""
    return swept(variants_of(text, tuple(grid), engine), grid, trace=trace, work=work, step=lambda: None)


def at(found: Sweep, **sizes: int | None) -> Combination:
    """The combination with these sizes."""
    return next(each for each in found.combinations if dict(each.sizes) == sizes)
