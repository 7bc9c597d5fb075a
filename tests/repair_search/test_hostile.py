"""The search on specs that are made to break it, or are just large and odd: an answer in time, always."""

import time

import pytest

from seqshape.engine import Engine
from seqshape.pipeline import inspect_bytes
from tests.repair_search.asking import PATH, errors, fixed, report_of

_BUDGET = 1.0
_OVER = 1.5
"""Seconds that a search may go on after its budget, for what it is at."""
_SLACK = 3.0
"""Seconds more for what comes before and after the search, on a busy machine."""

X = "layers:\n  - {name: x, type: Input, shape: [9, 4]}\n"
HUGE = 9 * 10**18

SPECS = {
    "nested and repeated blocks": """
        layers:
          - {name: x, type: Input, shape: [12, 8]}
          - name: outer
            repeat: 2
            layers:
              - name: inner
                repeat: 2
                layers:
                  - {name: a, type: LSTM, units: 8}
                  - {name: b, type: LayerNormalization}
              - {name: res, type: Add, inputs: [inner, input]}
        """,
    "a layer called again with another width": """
        layers:
          - {name: x, type: Input, shape: [12, 8]}
          - {name: y, type: Input, shape: [12, 6]}
          - {name: d, type: Dense, units: 4, inputs: x}
          - {name: e, reuse: d, inputs: y}
          - {name: s, type: Add, inputs: [d, e]}
        """,
    "a block called again with another width": """
        layers:
          - {name: x, type: Input, shape: [9, 4]}
          - {name: y, type: Input, shape: [9, 5]}
          - {name: one, inputs: x, layers: [{name: a, type: GRU, units: 4}, {name: b, type: Dense, units: 4}]}
          - {name: two, reuse: one, inputs: y}
        """,
    "a layer inside another one that is called again": """
        layers:
          - {name: x, type: Input, shape: [5, 9, 4]}
          - {name: z, type: Input, shape: [9, 4]}
          - {name: enc, type: GRU, units: 4}
          - {name: t, type: TimeDistributed, layer: {reuse: enc}, inputs: x}
          - {name: g, type: Conv2D, filters: 4, kernel_size: 3}
        """,
    "an entry repeated by alias": """
        layers:
          - {name: x, type: Input, shape: [12, 8]}
          - &g {type: GRU, units: 4}
          - *g
        """,
    "a block repeated by alias": """
        x-block: &block
          - {name: a, type: GRU, units: 4}
          - {name: b, type: GRU, units: 4}
        layers:
          - {name: x, type: Input, shape: [9, 4]}
          - {name: one, layers: *block}
          - {name: two, layers: *block}
        """,
    "a misspelt type repeated by alias": """
        layers:
          - {name: x, type: Input, shape: [9, 4]}
          - {name: a, type: &t GRUU, units: 4, inputs: x}
          - {name: b, type: *t, units: 4, inputs: x}
        """,
    "a shape repeated by alias": """
        layers:
          - {name: x, type: Input, shape: &s [12]}
          - {name: y, type: Input, shape: *s}
          - {name: a, type: GRU, units: 4, inputs: x}
        """,
    "cells in lists and alone": """
        layers:
          - {name: x, type: Input, shape: [9, 4]}
          - {name: r1, type: RNN, cell: [{type: LSTMCell, units: 4}, {type: LSTMCell, units: 6}], inputs: x}
          - {name: r2, type: RNN, cell: {type: LSTMCell, units: 4}, inputs: x}
          - {name: s, type: Add, inputs: [r1, r2]}
        """,
    "a block inside a wrapper": """
        layers:
          - {name: x, type: Input, shape: [5, 9, 4]}
          - {name: t, type: TimeDistributed, layer: {layers: [{type: GRU, units: 4}, {type: GRU, units: 4}]}}
        """,
    "names with dots": """
        layers:
          - {name: a.b, type: Input, shape: [12, 8]}
          - {name: a, type: GRU, units: 4, inputs: a.b, return_state: true}
          - {name: c.d, type: GRU, units: 4, inputs: a}
          - {name: e, type: Add, inputs: [c.d, a.state]}
        """,
    "two documents": X + "  - {type: GRU, units: 4}\n  - {type: GRU, units: 4}\n---\nlayers: []\n",
    "unknown sizes alone": """
        layers:
          - {name: x, type: Input, shape: [null, null]}
          - {name: a, type: GRU, units: 4}
        """,
    "all outputs of a layer": X + "  - {name: e, type: LSTM, units: 4, return_state: true}\n"
    "  - {name: c, type: Concatenate, inputs: e.*}\n  - {name: r, type: LSTM, units: 4}\n",
    "the only entry is wrong": "layers:\n  - {name: x, type: Input, shape: [-1]}\n",
    "the only entry reads nothing": "layers:\n  - {name: d, type: Dense, units: 0}\n",
    "sizes near the largest": f"layers:\n  - {{name: x, type: Input, shape: {[HUGE] * 4}}}\n"
    "  - {name: r, type: Reshape, target_shape: [3, 3]}\n",
    "sizes beyond all numbers of a machine": f"layers:\n  - {{name: x, type: Input, shape: {[10**18] * 20}}}\n"
    "  - {name: r, type: Reshape, target_shape: [3, 3]}\n",
    "a width beyond them": X + f"  - {{name: a, type: Dense, units: 1{'0' * 400}}}\n",
    "no steps": "layers:\n  - {name: x, type: Input, shape: [0, 8]}\n"
    "  - {name: a, type: Conv1D, filters: 4, kernel_size: 3}\n",
    "many axes": "layers:\n  - {name: x, type: Input, shape: [2, 3, 4, 5, 6, 7, 8, 9]}\n"
    "  - {name: p, type: Permute, dims: [1, 2, 3, 4, 5, 6, 7, 9]}\n",
    "many inputs": "layers:\n"
    + "".join(f"  - {{name: x{each}, type: Input, shape: [{each + 2}, 4]}}\n" for each in range(60))
    + f"  - {{name: c, type: Concatenate, inputs: [{', '.join(f'x{each}' for each in range(60))}]}}\n",
    "forty faults": X
    + "".join(
        f"  - {{name: g{each}, type: GRU, units: 4, inputs: x}}\n"
        f"  - {{name: h{each}, type: GRU, units: 4, inputs: g{each}}}\n"
        for each in range(40)
    ),
    "a fault that comes forty times": X + "  - {type: GRU, units: 4}\n" * 40,
    "forty misspelt words": X + "  - {type: GRUU, units: 4}\n" * 40,
    "a long chain": X
    + "".join(f"  - {{type: Dense, units: {each % 7 + 3}}}\n" for each in range(400))
    + "  - {type: GRU, units: 4}\n  - {type: GRU, units: 4}\n",
    "a long run of blocks": X
    + "  - {name: b, repeat: 1000, layers: [{type: GRU, units: 4}, {type: LayerNormalization}]}\n",
    "a slow layer": """
        layers:
          - {name: x, type: Input, shape: [60, 16]}
          - {name: t, type: RNN, unroll: true, cell: [{type: LSTMCell, units: 8}, {type: LSTMCell, units: 8}]}
          - {name: f, type: LSTM, units: 8}
        """,
}


@pytest.mark.parametrize("name", SPECS)
def test_an_answer_in_time(name: str, engine: Engine) -> None:
    """Also the same one without the search, but for causes and fixes; every fix takes its finding away."""
    text = SPECS[name]
    plain = report_of(text, engine, None)  # Keras is loaded then, and has judged the spec itself
    start = time.monotonic()
    report = report_of(text, engine, _BUDGET)
    assert time.monotonic() - start < _BUDGET + _OVER + _SLACK
    assert [item.message for item in report.diagnostics] == [item.message for item in plain.diagnostics]
    assert errors(report)
    for item in errors(report)[:2]:
        for number in range(len(item.fixes)):
            after = report_of(fixed(text, item, number), engine, None)
            said = [each.message for each in errors(after) if each.layer == item.layer]
            assert said.count(item.message) < [each.message for each in errors(plain)].count(item.message)


def test_names_of_any_letters(engine: Engine) -> None:
    text = """
        layers:
          - {name: "größe", type: Input, shape: [12, 8]}
          - {name: "层", type: GRU, units: 4}  # é 😀
          - {name: "层二", type: GRU, units: 4, inputs: "层"}
        """
    (item,) = errors(report_of(text, engine))
    assert item.cause is not None
    assert (item.cause.layer, item.cause.argument) == ("层", "return_sequences")
    after = fixed(text, item)
    assert '{name: "层", type: GRU, units: 4, return_sequences: true}  # é 😀' in after
    assert report_of(after, engine).ok


def test_merge_keys(engine: Engine) -> None:
    """What an entry has from elsewhere is left there: only the entry itself is given the setting."""
    text = """
        x-gru: &gru {type: GRU, units: 4}
        layers:
          - {name: x, type: Input, shape: [12, 8]}
          - {<<: *gru, name: a}
          - {<<: *gru, name: b}
        """
    (item,) = errors(report_of(text, engine))
    after = fixed(text, item)
    assert "  - {<<: *gru, name: a, return_sequences: true}\n" in after
    assert "x-gru: &gru {type: GRU, units: 4}\n" in after
    assert report_of(after, engine).ok


def test_a_repair_holds_for_the_sizes_of_the_run(engine: Engine) -> None:
    text = """
dims: {T: 12, H: 8}
layers:
  - {name: x, type: Input, shape: [T, 6]}
  - {name: a, type: GRU, units: H, return_sequences: true}
  - {name: s, type: Add, inputs: [x, a]}
"""
    for dims in ({"H": 5}, {"H": 7, "T": None}):
        report = inspect_bytes(PATH, text.encode(), dims=dims, engine=engine, budget=20.0)
        (item,) = errors(report)
        assert item.fixes
        for number in range(len(item.fixes)):
            after = fixed(text, item, number).encode()
            assert inspect_bytes(PATH, after, dims=dims, engine=engine).ok
    assert report_of(text.replace("H: 8", "H: 6"), engine).ok
