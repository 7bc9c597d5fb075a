"""Something is made that nobody reads.

States that a layer returns because it was asked to, and that flow nowhere; an Input that no layer reads; a
layer from which no way leads to one of the `outputs`. Nothing is wrong with the shapes; a reference may have
been forgotten. Name the output in `outputs` where it is meant to come out of the model.

Bad:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: encoder, type: GRU, units: 16, return_state: true}  # SEQ305: `encoder.state`
      - {name: head, type: Dense, units: 4, inputs: encoder.output}

Good:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: encoder, type: GRU, units: 16, return_state: true}
      - {name: head, type: Dense, units: 4, inputs: encoder.state}
"""

from collections.abc import Iterator

from seqshape.model import Model
from seqshape.rules.interface import Finding, ModelRule, Words
from seqshape.tree import Json
from seqshape.wording import listed


def finds(model: Model) -> Iterator[Finding]:
    """Outputs that were asked for and flow nowhere, and rows that lead to no output."""
    reaching = _reaching(model)
    if not all(row.status == "ok" for row in model.rows):  # what failed may have read it
        return
    calls = _calls(model)
    reached = None if reaching is None else {model.rows[number].place for number in reaching}
    for number, row in model.sound():
        if row.again is not None and (reached is None or row.place in reached):
            continue  # it stands in the block: there it is told where no call of the block needs it
        if reaching is None and number not in calls and len(row.outputs) == 1 and row.fed:
            continue  # as most rows: an only output that nobody reads is one of the model's own
        same = calls.get(number, (number,))
        read = [any(_is_read(model, each, output) for each in same) for output in range(len(row.outputs))]
        if reaching is not None and reaching.isdisjoint(same):
            if not any(read):
                message = f"`{row.title}` leads to none of the `outputs`"
                yield Finding(number, Words(message, help="read it, name it in `outputs`, or leave it out"))
        elif not row.fed and not any(read) and len(model.rows) > 1:
            yield Finding(number, Words(f"no layer reads the Input `{row.title}`"))
        elif any(read) and not any(read[1:]) and _asked_for(model.arguments(number)) and len(read) > 1:
            dropped = [f"{row.title}.{output.name}" for output in row.outputs[1:]]
            were = "is" if len(dropped) == 1 else "are"
            message = f"{listed(dropped, 'and')} {were} asked for, and nobody reads {_them(dropped)}"
            yield Finding(
                number, Words(message, help=f"name {_them(dropped)} in `outputs`, or do not ask for more")
            )


def _calls(model: Model) -> dict[int, tuple[int, ...]]:
    """For each row in a block that is called again, the rows of its calls, its own with them."""
    found: dict[int, tuple[int, ...]] = {}
    for number, row in enumerate(model.rows):
        if row.again is not None:
            found[row.again] = (*found.get(row.again, (row.again,)), number)
    return found


def _asked_for(arguments: dict[str, Json]) -> bool:
    """Whether the entry asks for more than one output: `return_state: true`, here or in a layer it wraps."""
    return any(
        (name.startswith("return_") and value is True and name != "return_sequences")
        or (isinstance(value, dict) and _asked_for(value))
        for name, value in arguments.items()
    )


def _them(words: list[str]) -> str:
    return "it" if len(words) == 1 else "them"


def _is_read(model: Model, number: int, output: int) -> bool:
    return bool(model.readers.get((number, output))) or (number, output) in (model.named or ())


def _reaching(model: Model) -> frozenset[int] | None:
    """The rows from which a way leads to an output that the spec names; None where it names none."""
    if model.named is None:
        return None
    found = {number for number, _ in model.named}
    for number in range(len(model.rows) - 1, -1, -1):
        if number in found:
            found.update(read.source for _, read in model.reads(number))
    return frozenset(found)


RULE = ModelRule("SEQ305", "note", finds)
