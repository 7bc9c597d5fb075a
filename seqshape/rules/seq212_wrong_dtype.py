"""The layer cannot read what it is given: numbers of another kind.

An Embedding looks up whole numbers. What a layer with weights has computed is no list of tokens any more,
nor is a sequence that was embedded already; Keras cuts the numbers off in silence and looks them up.

Bad:

    layers:
      - {name: tokens, type: Input, shape: [20], dtype: int32}
      - {name: embedded, type: Embedding, input_dim: 1000, output_dim: 16}
      - {name: twice, type: Embedding, input_dim: 1000, output_dim: 16}  # SEQ212: computed by `embedded`

Good:

    layers:
      - {name: tokens, type: Input, shape: [20], dtype: int32}
      - {name: embedded, type: Embedding, input_dim: 1000, output_dim: 16}
"""

from collections.abc import Iterator

from seqshape.model import Model
from seqshape.report import Related
from seqshape.rules.interface import Finding, Rule, Words
from seqshape.rules.refusals import flowing
from seqshape.shape_faults import Refused
from seqshape.wording import shape


def words(fault: Refused) -> Words | None:
    """A call that Keras refuses, and would take with another dtype."""
    if not fault.called or fault.dtype is None:
        return None
    found = ", ".join(f"{flowing(met)} {met.dtype}" for met in fault.inputs)
    return Words(
        f"{fault.type} does not take the dtype of {found}",
        help=f"it takes {fault.dtype}",
        keras=fault.message,
    )


def finds(model: Model) -> Iterator[Finding]:
    """An Embedding that looks up what was computed."""
    if not any(model.sound(("Embedding",))):
        return
    computed: dict[int, int] = {}
    for number, row in model.sound():
        reads = [read for _, read in model.reads(number)]
        made = next((computed[read.source] for read in reads if read.source in computed), None)
        if row.type == "Embedding" and reads and made is not None:
            tensor = model.tensor(reads[0])
            if tensor.dtype.startswith(("float", "bfloat")):
                maker = model.rows[made]
                yield Finding(
                    number,
                    Words(
                        f"Embedding looks up whole numbers, and `{reads[0].word}` {shape(tensor.shape)} is "
                        f"{tensor.dtype}, computed by `{maker.name}`",
                        related=(Related(f"`{maker.name}` ({maker.label}) has weights", maker.place),),
                    ),
                )
        if model.has_weights(number):
            computed[number] = number
        elif made is not None:
            computed[number] = made


RULE = Rule("SEQ212", "error", Refused, words, finds)
