"""Where a tensor has lost an axis: what the rules about sound layers that read too few share."""

from seqshape.model import Model
from seqshape.report import Read, Related
from seqshape.wording import aside, shape

_FLAG = "return_sequences"


def lost(model: Model, read: Read) -> tuple[tuple[Related, ...], str]:
    """The layer that gave fewer axes than it was given, and what keeps them; nothing where none did."""
    loser, output = _loser(model, read)
    if loser is None:
        return (), ""
    row = model.rows[loser]
    before = max((model.tensor(each).shape for _, each in model.reads(loser)), key=len)
    after = shape(row.outputs[output].tensor.shape)
    said = f"`{row.title}`{aside(row.place, row.label)} gives {after} for {shape(before)}"
    type_of = model.catalogue.find(row.type, None)
    flag = output == 0 and type_of is not None and type_of.constructor.flag(_FLAG)
    kept = f"`{_FLAG}: true` on `{row.title}` keeps its steps" if flag else ""
    return (Related(said, row.place),), kept


def _loser(model: Model, read: Read) -> tuple[int | None, int]:
    """The layer that gave fewer axes than it was given, on the way up from an input, and its output."""
    while reads := [each for _, each in model.reads(read.source)]:
        widest = max(reads, key=lambda each: len(model.tensor(each).shape))
        if len(model.tensor(widest).shape) > len(model.tensor(read).shape):
            return read.source, read.output
        read = widest
    return None, 0
