"""Each kind of repair: a spec that it mends before all others do, and a near one that is none of its business."""

from dataclasses import dataclass
from importlib import import_module

import pytest

from seqshape.engine import Engine
from seqshape.repairs import kinds
from seqshape.repairs.likelihood import Likelihood
from tests.repair_search.asking import (
    errors,
    fixed,
    holding,
    judging,
    offered,
    report_of,
    the_case,
    trial_of,
)


@dataclass(frozen=True)
class Example:
    """Entries of which `title` is the best repair, and entries that no candidate of the kind mends."""

    kind: str
    broken: str
    title: str
    twin: str


EXAMPLES = [
    Example(
        "flags",
        """
        - {name: x, type: Input, shape: [9, 4]}
        - {name: low, type: GRU, units: 3}
        - {name: high, type: GRU, units: 5}
        """,
        "set `return_sequences: true` on `low`",
        """
        - {name: x, type: Input, shape: [9]}
        - {name: low, type: Dense, units: 3}
        - {name: high, type: GRU, units: 5}
        """,
    ),
    Example(
        "choices",
        """
        - {name: x, type: Input, shape: [9, 4]}
        - {name: conv, type: Conv1D, filters: 4, kernel_size: 3}
        - {name: sum, type: Add, inputs: [x, conv]}
        """,
        "set `padding: same` on `conv`",
        """
        - {name: x, type: Input, shape: [9, 4]}
        - {name: conv, type: Conv1D, filters: 4, kernel_size: 3, strides: 3, padding: same}
        - {name: sum, type: Add, inputs: [x, conv]}
        """,
    ),
    Example(
        "data_sizes",
        """
        - {name: x, type: Input, shape: [10, 4]}
        - {name: gru, type: GRU, units: 3, return_sequences: true, expect: {shape: [batch, 12, 3]}}
        """,
        "set `shape: [12, 4]` on `x`",
        """
        - {name: x, type: Input, shape: [9]}
        - {name: gru, type: GRU, units: 3}
        """,
    ),
    Example(
        "drops",
        """
        - {name: x, type: Input, shape: [9, 4]}
        - {name: conv, type: Conv1D, filters: 4, kernel_size: 3, strides: 2, dilation_rate: 2, padding: same}
        - {name: sum, type: Add, inputs: [x, conv]}
        """,
        "leave `strides: 2` out of `conv`",
        """
        - {name: x, type: Input, shape: [9, 4]}
        - {name: conv, type: Conv1D, filters: 5, kernel_size: 3, padding: same}
        - {name: sum, type: Add, inputs: [x, conv]}
        """,
    ),
    Example(
        "dtypes",
        """
        - {name: words, type: Input, shape: [9]}
        - {name: turned, type: ops.bitwise_not}
        """,
        "set `dtype: int32` on `words`",
        """
        - {name: words, type: Input, shape: [9], dtype: int32}
        - {name: embedded, type: Embedding, input_dim: 9, output_dim: 4}
        - {name: last, type: GRU, units: 3}
        - {name: more, type: GRU, units: 3}
        """,
    ),
    Example(
        "replacements",
        """
        - {name: x, type: Input, shape: [20, 4]}
        - {name: a, type: Conv1D, filters: 8, kernel_size: 3}
        - {name: am, type: GlobalMaxPooling1D}
        - {name: b, type: Conv1D, filters: 8, kernel_size: 5, inputs: x}
        - {name: bm, type: MaxPooling1D}
        - {name: both, type: Concatenate, inputs: [am, bm]}
        """,
        "make `bm` GlobalMaxPooling1D",
        """
        - {name: x, type: Input, shape: [20, 4]}
        - {name: a, type: Conv1D, filters: 8, kernel_size: 3}
        - {name: b, type: Conv1D, filters: 8, kernel_size: 5, inputs: x}
        - {name: both, type: Concatenate, inputs: [a, b]}
        """,
    ),
    Example(
        "endings",
        """
        - {name: x, type: Input, shape: [9, 4]}
        - {name: gru, type: GRU, units: 3, return_sequences: true}
        - {name: dense, type: Dense, units: 3, expect: {shape: [batch, 27]}}
        """,
        "insert Flatten behind `dense`, under its name",
        """
        - {name: x, type: Input, shape: [9, 4]}
        - {name: gru, type: GRU, units: 3, return_sequences: true, expect: {shape: [batch, 27]}}
        - {name: dense, type: Dense, units: 3}
        """,
    ),
    Example(
        "insertions",
        """
        - {name: x, type: Input, shape: [9]}
        - {name: width, type: Dense, units: 4}
        - {name: steps, type: GRU, units: 3, inputs: width}
        - {name: joined, type: Concatenate, inputs: [steps, width]}
        """,
        "insert Reshape (target_shape: [4, 1]) before `steps`",
        """
        - {name: x, type: Input, shape: [9, 4]}
        - {name: gru, type: GRU, units: 3, return_state: true}
        - {name: more, type: Dense, units: 3, inputs: gru}
        """,
    ),
    Example(
        "lists",
        """
        - {name: x, type: Input, shape: [8, 8, 3]}
        - {name: conv, type: Conv2D, filters: 4, kernel_size: [3, 3, 3]}
        """,
        "set `kernel_size: [3, 3]` on `conv`",
        """
        - {name: x, type: Input, shape: [9, 4]}
        - {name: gru, type: GRU, units: 4}
        - {name: more, type: GRU, units: 4}
        """,
    ),
    Example(
        "missing",
        """
        - {name: words, type: Input, shape: [12], dtype: int32}
        - {name: counts, type: CategoryEncoding}
        """,
        "set `num_tokens: 1000` on `counts`",
        """
        - {name: words, type: Input, shape: [12], dtype: int32}
        - {name: counts, type: CategoryEncoding, num_tokens: 0}
        """,
    ),
    Example(
        "numbers",
        """
        - {name: x, type: Input, shape: [9, 4]}
        - {name: wide, type: Dense, units: 6}
        - {name: sum, type: Add, inputs: [x, wide]}
        """,
        "set `units: 4` on `wide`",
        """
        - {name: x, type: Input, shape: [9]}
        - {name: gru, type: GRU, units: 3}
        """,
    ),
    Example(
        "outputs",
        """
        - {name: x, type: Input, shape: [9, 4]}
        - {name: gru, type: GRU, units: 3, return_state: true}
        - {name: head, type: Dense, units: 2, inputs: gru}
        """,
        "read `gru.output` in `head`",
        """
        - {name: x, type: Input, shape: [9, 4]}
        - {name: gru, type: GRU, units: 3}
        - {name: head, type: GRU, units: 2, inputs: gru}
        """,
    ),
    Example(
        "removals",
        """
        - {name: x, type: Input, shape: [9, 4]}
        - {name: flat, type: Flatten}
        - {name: gru, type: GRU, units: 3}
        """,
        "remove `flat`",
        """
        - {name: x, type: Input, shape: [9, 4]}
        - {name: flat, type: Flatten, expect: {params: 0}}
        - {name: gru, type: GRU, units: 3, expect: {dtype: float32}}
        """,
    ),
    Example(
        "states",
        """
        - {name: x, type: Input, shape: [9, 4]}
        - {name: y, type: Input, shape: [7, 4]}
        - {name: enc, type: Bidirectional, layer: {type: GRU, units: 3, return_state: true}, inputs: x}
        - {name: dec, type: GRU, units: 6, inputs: {sequences: y, initial_state: enc.forward_state}}
        - {name: top, type: Add, inputs: [dec, enc.output]}
        """,
        "start `dec` from both directions' states, concatenated",
        """
        - {name: x, type: Input, shape: [9, 4]}
        - {name: y, type: Input, shape: [7]}
        - {name: enc, type: GRU, units: 3, return_state: true, inputs: x}
        - {name: dec, type: GRU, units: 3, inputs: {sequences: y, initial_state: enc.state}}
        """,
    ),
    Example(
        "states",
        """
        - {name: x, type: Input, shape: [9, 4]}
        - {name: enc, type: LSTM, units: 3, return_state: true}
        - {name: dec, type: LSTM, units: 3, inputs: {sequences: x, initial_state: enc}}
        """,
        "start `dec` from `enc.state_h` and `enc.state_c`",
        """
        - {name: x, type: Input, shape: [9, 4]}
        - {name: enc, type: LSTM, units: 3, return_state: true}
        - {name: dec, type: LSTM, units: 3, inputs: enc}
        """,
    ),
    Example(
        "twins",
        """
        - {name: q, type: Input, shape: [9]}
        - {name: a, type: Input, shape: [7]}
        - {name: code, type: Dense, units: 3, inputs: q}
        - {name: code_a, reuse: code, inputs: a}
        """,
        "set `shape: [9]` on `a`",
        """
        - {name: q, type: Input, shape: [9]}
        - {name: a, type: Input, shape: [9]}
        - {name: code, type: Dense, units: 3, inputs: q}
        - {name: wide, type: Dense, units: 7, inputs: a}
        - {name: code_a, reuse: code, inputs: wide}
        """,
    ),
    Example(
        "unknown_sizes",
        """
        - {name: x, type: Input, shape: [null, null]}
        - {name: a, type: GRU, units: 3}
        - {name: y, type: Input, shape: [null, 5]}
        - {name: b, type: GRU, units: 3}
        - {name: both, type: Add, inputs: [a, b]}
        """,
        "set `shape: [null, 5]` on `x`",
        """
        - {name: x, type: Input, shape: [null, 4]}
        - {name: flat, type: Flatten}
        - {name: gru, type: GRU, units: 3}
        """,
    ),
    Example(
        "types",
        """
        - {name: x, type: Input, shape: [9, 4]}
        - {name: conv, type: Conv2D, filters: 3, kernel_size: [3, 3]}
        - {name: pool, type: GlobalMaxPooling1D}
        """,
        "make `conv` a Conv1D",
        """
        - {name: x, type: Input, shape: [9]}
        - {name: gru, type: GRU, units: 3}
        """,
    ),
    Example(
        "wiring",
        """
        - {name: q, type: Input, shape: [9, 4]}
        - {name: tokens, type: Input, shape: [9], dtype: int32}
        - {name: embedded, type: Embedding, input_dim: 20, output_dim: 4, inputs: tokens}
        - {name: sum, type: Add, inputs: [q, tokens]}
        """,
        "read `embedded` in place of `tokens` in `sum`",
        """
        - {name: x, type: Input, shape: [9, 4]}
        - {name: last, type: GRU, units: 4}
        - {name: more, type: GRU, units: 4}
        """,
    ),
    Example(
        "wrapping",
        """
        - {name: frames, type: Input, shape: [5, 8, 8, 3]}
        - {name: look, type: TimeDistributed, layer: {type: Conv2D, filters: 4, kernel_size: 3}}
        - {name: pool, type: MaxPooling2D}
        - {name: again, type: TimeDistributed, layer: {type: Conv2D, filters: 4, kernel_size: 3}}
        """,
        "wrap `pool` in TimeDistributed, to apply it to each step",
        """
        - {name: x, type: Input, shape: [9]}
        - {name: gru, type: GRU, units: 3}
        """,
    ),
]  # fmt: skip


def spec(entries: str) -> str:
    return "layers:\n" + "\n".join(
        line.removeprefix("      ") for line in entries.splitlines() if line.strip()
    )


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.kind)
def test_its_repair_is_the_best(example: Example, engine: Engine) -> None:
    text = spec(example.broken)
    case = the_case(trial_of(text, engine))
    assert case is not None
    assert example.title in [each.title for each in offered(example.kind, case)]
    first = errors(report_of(text, engine))[0]
    assert first.fixes[0].title == example.title
    assert report_of(fixed(text, first), engine).ok


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.kind)
def test_it_leaves_alone_what_it_does_not_mend(example: Example, engine: Engine) -> None:
    trial = trial_of(spec(example.twin), engine)
    case = the_case(trial)
    assert case is not None
    found = holding(offered(example.kind, case), trial, judging(engine).again)
    assert [each.title for each in found] == []


def test_every_kind_has_an_example() -> None:
    names = {kind.offer.__module__.rpartition(".")[2] for kind in kinds.kinds()}
    assert names == {each.kind for each in EXAMPLES}


@pytest.mark.parametrize(
    "kind", [each for each in kinds.kinds() if each.least], ids=lambda kind: kind.offer.__module__
)
def test_a_kind_that_is_asked_late_offers_nothing_cheaper(kind: kinds.Kind, engine: Engine) -> None:
    """What it says its candidates cost at least holds once they are weighed, too."""
    found = 0
    for example in EXAMPLES:
        case = the_case(trial_of(spec(example.broken), engine))
        assert case is not None
        weigh = Likelihood(case).weighed
        costs = [weigh(each).cost for each in kind.offer(case)]
        assert all(cost >= kind.least for cost in costs)
        found += len(costs)
    assert found


def test_a_candidate_says_what_it_is_about(engine: Engine) -> None:
    """Its title is one line, its cause an entry of the spec, and it costs something."""
    for example in EXAMPLES:
        case = the_case(trial_of(spec(example.broken), engine))
        assert case is not None
        titles = {node.title for node in case.graph.nodes}
        for each in import_module(f"seqshape.repairs.kinds.{example.kind}").offer(case):
            assert each.title
            assert "\n" not in each.title
            assert each.layer in titles
            assert each.argument
            assert each.cost > 0
            assert each.revisions


def test_settings_that_all_layers_have_are_turned_only_where_they_are_given(engine: Engine) -> None:
    text = spec(
        """
        - {name: x, type: Input, shape: [9, 4]}
        - {name: one, type: Dense, units: 6}
        - {name: other, type: Dense, units: 6, trainable: false}
        - {name: sum, type: Add, inputs: [x, other]}
        """
    )
    case = the_case(trial_of(text, engine))
    assert case is not None
    turned = {(each.layer, each.path) for each in offered("flags", case)}
    assert ("other", ("trainable",)) in turned
    assert ("other", ("use_bias",)) in turned
    assert not any(path[-1] in ("trainable", "autocast") for layer, path in turned if layer != "other")
    assert ("other", ("autocast",)) not in turned
