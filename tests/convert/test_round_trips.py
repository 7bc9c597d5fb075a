"""Every spec to every target and back: the same layers, by Keras's own word."""

import subprocess
import sys
from pathlib import Path

import pytest

from seqshape.convert import target, targets
from seqshape.engine import Engine
from tests.convert.converting import compare, converted, loaded, report_of, run

SPECS = Path(__file__).parents[2] / "specs"
SOUND = sorted(
    str(path.relative_to(SPECS)) for path in SPECS.rglob("*.yaml") if "mismatch" not in path.name
)
NOT_IN_JSON = {"shared_dense.yaml"}
"""A layer that is called alone and inside a wrapper: Keras's own JSON makes two of it."""


@pytest.fixture(params=SOUND)
def text(request: pytest.FixtureRequest) -> str:
    return (SPECS / str(request.param)).read_text(encoding="utf-8")


def test_there_are_specs() -> None:
    assert len(SOUND) > 50


@pytest.mark.parametrize("path", sorted(set(SOUND) - NOT_IN_JSON))
def test_keras_json_loads_as_the_same_model(path: str, engine: Engine) -> None:
    text = (SPECS / path).read_text(encoding="utf-8")
    compare(report_of(text, engine), loaded(converted(text, "keras-json", engine)))


def test_a_program_builds_the_same_model(text: str, engine: Engine) -> None:
    compare(report_of(text, engine), run(converted(text, "python", engine)))


def test_yaml_is_the_same_spec(text: str, engine: Engine) -> None:
    written = converted(text, "yaml", engine)
    before, after = report_of(text, engine), report_of(written, engine)
    assert [
        (row.path, row.label, row.inputs, row.outputs, row.weights, row.shares) for row in after.rows
    ] == [(row.path, row.label, row.inputs, row.outputs, row.weights, row.shares) for row in before.rows]
    assert {item.code for item in after.diagnostics} == {item.code for item in before.diagnostics}


def test_yaml_is_written_once_and_for_all(text: str, engine: Engine) -> None:
    written = converted(text, "yaml", engine)
    assert converted(written, "yaml", engine) == written


def test_lines_fit(text: str, engine: Engine) -> None:
    assert max(map(len, converted(text, "yaml", engine).splitlines())) <= 100


def test_programs_are_as_ruff_formats_them(engine: Engine, tmp_path: Path) -> None:
    pytest.importorskip("ruff")
    for path in SOUND:
        text = (SPECS / path).read_text(encoding="utf-8")
        (tmp_path / path.replace("/", "_")).with_suffix(".py").write_text(
            converted(text, "python", engine), encoding="utf-8"
        )
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--check", str(tmp_path)]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout


def test_each_target_has_its_own_endings() -> None:
    endings = [ending for name in targets() for ending in target(name).SUFFIXES]
    assert len(endings) == len(set(endings))
