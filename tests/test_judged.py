"""A text in a row of edits is judged as if nothing had been read before it: rows, findings, lines and columns."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seqshape import yaml_reader
from seqshape.containers import Contents
from seqshape.engine import Engine
from seqshape.judged import through
from seqshape.judging import Judging
from seqshape.limits import Limits
from seqshape.report import ReportData
from seqshape.rereading import Rereader
from seqshape.yaml_reader import Read

LINES = (
    "  - {type: Dense, units: H}",
    "  - {type: Dense, units: 2*H}  # wide",
    "  - {name: gru, type: GRU, units: 4, return_sequences: true}",
    "  - type: LSTM\n    units: 4\n    return_sequences: true",
    "  - {name: sum, type: Add, inputs: [x, gru]}",
    "  - {type: Dense, units: 3, inputs: later}  # seqshape: ignore[SEQ107]",
    "  - {type: Flatten}",
    "  - name: block\n    repeat: 2\n    layers:\n      - {type: Dense, units: H}\n      - {type: Dropout, rate: 0.1}",
    "  - {name: again, reuse: gru}",
    "  - {type: Dens, units: 3}",
    "  - {type: Dense, unit: 3}",
    "  - {type: Dense, units: -1}",
    "  - {type: Reshape, target_shape: [7, 7]}",
    "  - {type: Dense, <<: {units: H}}",
    "  - &a {type: ReLU}",
    "  - *a",
    "    activation: relu",
    "# a comment",
    "",
    "outputs: sum",
    "  - {type: Dense, units: 3",
)
HEADS = ("dims: {H: 4}\nlayers:", "# one\ndims: {H: 5}\nlayers:", "layers:")


@st.composite
def edited(draw: st.DrawFn) -> list[str]:
    """A spec, and what becomes of it by edits of a line or two each."""
    lines = [draw(st.sampled_from(HEADS)), "  - {name: x, type: Input, shape: [6, 4]}"]
    lines += draw(st.lists(st.sampled_from(LINES[:9]), min_size=3, max_size=9))
    found = ["\n".join(lines)]
    for _ in range(draw(st.integers(1, 3))):
        lines = found[-1].split("\n")
        start = draw(st.integers(0, len(lines)))
        lines[start : start + draw(st.integers(0, 2))] = draw(st.lists(st.sampled_from(LINES), max_size=2))
        found.append("\n".join(lines))
    return found


def report(text: str, engine: Engine, read: Read) -> ReportData:
    judging = Judging("x.yaml", {}, Limits(), engine, trace=True, thorough=True, read=read)
    return through(judging, Contents(text.encode()), None)[0]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=edited())
def test_an_edited_text_is_judged_as_if_it_were_new(texts: list[str], engine: Engine) -> None:
    again = Rereader()
    for text in texts:
        assert report(text, engine, again) == report(text, engine, yaml_reader.read), text
