"""`seqshape.explain`, `compare` and `sweep` from Python."""

from pathlib import Path

import pytest

import seqshape
from seqshape.engine import Engine
from seqshape.python_api import NoSuchLayer

SPECS = Path(__file__).parents[1] / "specs"
CHARS = SPECS / "char_gru_time_distributed.yaml"


def test_a_layer_explained(engine: Engine) -> None:
    found = seqshape.explain(CHARS, "gru", dims={"T": 200}, batch=32, engine=engine)
    (story,) = found.stories
    assert story.cost is not None
    assert (story.row.params, story.cost.number) == (1_584, 200 * 1_488)
    data = found.to_dict()
    assert (data["batch"], data["explanation_version"]) == (32, 1)


def test_a_spec_with_errors_has_a_report_and_no_stories(engine: Engine) -> None:
    found = seqshape.explain(SPECS / "cnn_rnn_fusion_mismatch.yaml", engine=engine)
    assert (found.stories, found.report.ok) == ((), False)
    assert found.to_dict()["layers"] == []


def test_two_specs_compared(engine: Engine) -> None:
    found = seqshape.compare(CHARS, SPECS / "char_gru_reset_before.yaml", engine=engine)
    assert not found.same
    assert found.to_dict()["same"] is False
    assert seqshape.compare(CHARS, CHARS, engine=engine).same


def test_sizes_of_one_of_two_specs(engine: Engine, tmp_path: Path) -> None:
    """A dim that only one has is set there; one that neither has is a mistake."""
    plain = tmp_path / "plain.yaml"
    plain.write_text("layers:\n  - {name: chars, type: Input, shape: [64, 15]}\n", encoding="utf-8")
    found = seqshape.compare(CHARS, plain, dims={"H": 32}, engine=engine)
    assert found.one.totals.params == 5_199  # 3·32² + 4·32·15 + 6·32 + 15
    with pytest.raises(seqshape.UnknownDim, match="no dim `Z`"):
        seqshape.compare(CHARS, plain, dims={"Z": 1}, engine=engine)


def test_sizes_swept(engine: Engine) -> None:
    found = seqshape.sweep(CHARS, {"H": [16, 32]}, engine=engine)
    assert [each.totals.params for each in found.combinations if each.totals] == [1_839, 5_199]
    assert found.to_dict()["sizes"] == {"H": [16, 32]}


def test_what_is_not_there_is_told(engine: Engine) -> None:
    with pytest.raises(NoSuchLayer, match="no layer `grru`"):
        seqshape.explain(CHARS, "grru", engine=engine)
    with pytest.raises(ValueError, match="no dim `Z`"):
        seqshape.sweep(CHARS, {"Z": [1]}, engine=engine)
    with pytest.raises(ValueError, match="from 1 to 10,000 combinations"):
        seqshape.sweep(CHARS, {"H": []}, engine=engine)
    with pytest.raises(OSError, match="nowhere"):
        seqshape.explain("nowhere.yaml", engine=engine)
