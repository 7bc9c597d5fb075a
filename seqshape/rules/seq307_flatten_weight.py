"""One layer holds most of the parameters because a Flatten feeds it.

Flatten lays all axes out as one, and the next Dense has a weight for each of its elements and each unit. A
pooling over the steps, or a recurrent layer's last step, leaves a vector of the width of the features.

Bad:

    layers:
      - {name: x, type: Input, shape: [100, 8]}
      - {name: gru, type: GRU, units: 64, return_sequences: true}
      - {name: flat, type: Flatten}
      - {name: head, type: Dense, units: 32}  # SEQ307: 93.5%

Good:

    layers:
      - {name: x, type: Input, shape: [100, 8]}
      - {name: gru, type: GRU, units: 64, return_sequences: true}
      - {name: mean, type: GlobalAveragePooling1D}
      - {name: head, type: Dense, units: 32}
"""

from collections.abc import Iterator

from seqshape.model import Model
from seqshape.report import Read, Related
from seqshape.rules.interface import Finding, ModelRule, Words
from seqshape.wording import aside, shape


def finds(model: Model) -> Iterator[Finding]:
    """A layer behind a Flatten that has more than half of all parameters."""
    counts = [row.params for row in model.rows]
    total = sum(counts)
    if sum(count > 0 for count in counts) < 2:
        return
    for number, row in model.sound():
        if 2 * counts[number] <= total:
            continue
        reads = [read for _, read in model.reads(number)]
        if len(reads) != 1:
            continue
        source = _above(model, reads[0])
        flat = model.rows[source]
        before = [model.tensor(read).shape for _, read in model.reads(source)]
        if flat.type == "Flatten" and before and len(before[0]) > 2:
            share = counts[number] / total
            after = shape(flat.outputs[0].tensor.shape)
            where = f"`{flat.title}`{aside(flat.place, 'Flatten')} makes {after} of {shape(before[0])}"
            yield Finding(
                number,
                Words(
                    f"`{row.title}` holds {share:.1%} of all parameters, {counts[number]:,} of {total:,}, "
                    "for it reads a Flatten",
                    help="a global pooling over the steps leaves fewer",
                    related=(Related(where, flat.place),),
                ),
            )


def _above(model: Model, read: Read) -> int:
    """The row that made a vector, past layers such as Dropout that leave it as it is."""
    while True:
        row, reads = model.rows[read.source], [each for _, each in model.reads(read.source)]
        if row.weights or len(reads) != 1 or model.tensor(reads[0]).shape != model.tensor(read).shape:
            return read.source
        read = reads[0]


RULE = ModelRule("SEQ307", "note", finds)
