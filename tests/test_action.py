"""The GitHub Action: its file, and its scripts as a runner's bash runs them, the installing left out."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]
WRONG = "layers:\n  - {type: Inptu, shape: [3]}\n"
SCRIPT = next(step for step in STEPS if step.get("name") == "Check")
BASH = shutil.which("bash")


def test_it_is_composite_and_every_script_names_its_shell() -> None:
    assert ACTION["runs"]["using"] == "composite"
    assert {"name", "description", "inputs"} <= set(ACTION)
    assert all("uses" in step or step["shell"] == "bash" for step in STEPS)


def test_no_script_has_an_expression_in_it() -> None:
    """What a workflow passes in is never read as a script."""
    for step in STEPS:
        assert "${{" not in step.get("run", "")


def test_every_input_is_described_and_used() -> None:
    used = str(STEPS)
    for name, description in ACTION["inputs"].items():
        assert description["description"].endswith(".")
        assert f"${{{{ inputs.{name} }}}}" in used


def test_what_is_installed_is_the_action_itself() -> None:
    assert [step["run"].split()[-1] for step in STEPS if step.get("name", "").startswith("Install")] == [
        '"$GITHUB_ACTION_PATH"'
    ]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout, and before all other programs a `seqshape` that is this one."""
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "seqshape"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m seqshape "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    (folder / "python").symlink_to(sys.executable)
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)
    checkout = tmp_path / "checkout"
    (checkout / ".git").mkdir(parents=True)
    (checkout / "my specs").mkdir()
    (checkout / "my specs" / "wrong one.yaml").write_text(WRONG, encoding="utf-8")
    (checkout / "other.yaml").write_text("layers: 3\n", encoding="utf-8")
    return checkout


def run(project: Path, cache: Path, **inputs: str) -> "subprocess.CompletedProcess[str]":
    """The step's script with its inputs, as a runner starts it."""
    values = {
        name: inputs.get(expression.removeprefix("${{ inputs.").removesuffix(" }}"), "")
        for name, expression in SCRIPT["env"].items()
    }
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("SEQSHAPE_")},
        **values,
        "PYTHONPATH": str(ROOT),
        "SEQSHAPE_CACHE_DIR": str(cache),
        "GITHUB_ACTIONS": "true",
        "GITHUB_STEP_SUMMARY": str(project / "summary.md"),
    }
    script = project.parent / "script.sh"
    script.write_text(SCRIPT["run"], encoding="utf-8")
    return subprocess.run(
        [str(BASH), "--noprofile", "--norc", "-eo", "pipefail", str(script)],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.skipif(BASH is None, reason="needs bash")
class TestScript:
    def test_a_path_a_line_with_annotations_and_a_summary(self, project: Path, cache: Path) -> None:
        result = run(project, cache, paths="my specs\n\n  \nother.yaml\n")
        assert result.returncode == 1, result.stderr
        annotations = [line for line in result.stdout.splitlines() if line.startswith("::error ")]
        assert any("wrong one.yaml" in line and "line=2" in line for line in annotations)
        assert any("other.yaml" in line for line in annotations)
        assert "SEQ102" in (project / "summary.md").read_text(encoding="utf-8")

    def test_options_are_split_as_a_shell_does(self, project: Path, cache: Path) -> None:
        args = "--format json --output 'json=my report.json' --exit-zero"
        result = run(project, cache, paths="my specs/wrong one.yaml", args=args)
        assert result.returncode == 0, result.stderr
        assert (project / "my report.json").read_text(encoding="utf-8") == result.stdout

    def test_nothing_in_an_input_is_run(self, project: Path, cache: Path) -> None:
        paths = "$(touch a)\n`touch b`\n; touch c\n--exit-zero\n*.yaml"
        result = run(project, cache, paths=paths, args="--ignore '$(touch d)'")
        assert result.returncode == 2
        result = run(project, cache, paths=paths)
        assert result.returncode == 2
        assert "Error: --exit-zero: no such file" in result.stderr
        assert sorted(path.name for path in project.iterdir()) == [
            ".git",
            "my specs",
            "other.yaml",
            "summary.md",
        ]

    def test_without_paths_those_of_the_settings_file(self, project: Path, cache: Path) -> None:
        result = run(project, cache)
        assert (result.returncode, "no PATH" in result.stderr) == (2, True)
        (project / "seqshape.toml").write_text("paths = ['my specs']\n", encoding="utf-8")
        result = run(project, cache)
        assert (result.returncode, "wrong one.yaml" in result.stdout) == (1, True)

    def test_options_that_cannot_be_split_fail_the_step(self, project: Path, cache: Path) -> None:
        assert run(project, cache, paths="other.yaml", args="--ignore 'SEQ3").returncode != 0
