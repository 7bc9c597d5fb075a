"""Chains of random blocks with random names: folded and read again, each is the same model.

Its Keras JSON has the same layers, of the same names, in the same order, with the same inputs and shapes.
Where names may change, the calls are the same but for these, and no more lines are needed.
"""

from hypothesis import given, settings
from hypothesis import strategies as st

from seqshape.engine import Engine
from tests.convert.converting import converted, outline, report_of

ENGINE = Engine(None)
KINDS = (
    "Dense, units: 8",
    "Dense, units: 8, activation: relu",
    "LayerNormalization",
    "Dropout, rate: 0.1",
    "MultiHeadAttention, num_heads: 2, key_dim: 4",
    "Add",
    "ops.add",
)
NAMES = (
    "b_{copy}_{word}",
    "b{run}_{copy}_{word}",
    "{word}_{copy}",
    "{kind}_{count}",
    "u_{copy}",
    "{word}{copy}{run}",
)
"""Formats of names; None besides, for what has no name."""


@st.composite
def blocks(draw: st.DrawFn) -> tuple[list[tuple[str, int]], int, str | None, int]:
    """The entries of a block, each with how far back the second thing that it reads lies; copies; names."""
    entries = draw(st.lists(st.tuples(st.sampled_from(KINDS), st.integers(1, 4)), min_size=1, max_size=4))
    name = draw(st.sampled_from((None, *NAMES)))
    return entries, draw(st.integers(1, 5)), name, draw(st.integers(0, 3))


def chain(runs: list[tuple[list[tuple[str, int]], int, str | None, int]]) -> str:
    """A flat spec. Each entry reads the one before, where it takes two, an earlier one too."""
    lines = ["layers:", "  - {name: start, type: Input, shape: [6, 8]}"]
    names = ["start"]
    counts: dict[str, int] = {}
    for number, (entries, copies, form, first) in enumerate(runs):
        for copy in range(first, first + copies):
            for place, (kind, back) in enumerate(entries):
                base = {"Dense": "dense", "Dropout": "dropout", "Add": "add", "ops.add": "add"}.get(
                    kind.split(",")[0], "layer"
                )
                counts[base] = counts.get(base, 2) + 1
                own = (form or "n{count}").format(
                    copy=copy, word=f"w{place}", run=number, kind=base, count=counts[base]
                )
                own = own if own not in names else f"{own}_again{len(names)}"
                other = names[-1 - min(back, len(names) - 1)]
                reads = f"inputs: {names[-1]}"
                if kind == "Add":
                    reads = f"inputs: [{names[-1]}, {other}]"
                elif kind == "ops.add":
                    reads = f"inputs: {{x1: {names[-1]}, x2: {other}}}"
                elif kind.startswith("Multi"):
                    reads = f"inputs: {{query: {names[-1]}, value: {other}}}"
                lines.append(f"  - {{name: {own}, type: {kind}, {reads}}}")
                names.append(own)
    return "\n".join(lines) + "\n"


@settings(max_examples=40, deadline=None)
@given(st.lists(blocks(), min_size=1, max_size=3))
def test_what_is_folded_is_the_same_model(
    runs: list[tuple[list[tuple[str, int]], int, str | None, int]],
) -> None:
    flat = chain(runs)
    kept = converted(flat, "yaml", ENGINE)
    assert outline(converted(kept, "keras-json", ENGINE)) == outline(converted(flat, "keras-json", ENGINE))
    assert converted(kept, "yaml", ENGINE) == kept
    renamed = converted(flat, "yaml", ENGINE, rename=True)
    assert renamed.count("type: ") <= kept.count("type: ")
    before, after = report_of(flat, ENGINE), report_of(renamed, ENGINE)
    assert [(row.type, row.sources, row.outputs, row.weights) for row in after.rows] == [
        (row.type, row.sources, row.outputs, row.weights) for row in before.rows
    ]


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.sampled_from(KINDS[:4]), min_size=2, max_size=4, unique=True),
    st.integers(3, 6),
    st.lists(st.sampled_from(KINDS[:4]), max_size=3),
)
def test_a_run_with_names_that_come_back_is_always_a_block(
    entries: list[str], copies: int, before: list[str]
) -> None:
    lines = [f"  - {{name: before{place}, type: {kind}}}" for place, kind in enumerate(before)]
    for copy in range(copies):
        lines += [f"  - {{name: b_{copy}_w{place}, type: {kind}}}" for place, kind in enumerate(entries)]
    text = "\n".join(["layers:", "  - {name: start, type: Input, shape: [6, 8]}", *lines])
    written = converted(text, "yaml", ENGINE).splitlines()
    assert "  - name: b" in written
    assert f"    repeat: {copies}" in written
