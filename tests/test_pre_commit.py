"""The hook as pre-commit runs it: installed from this checkout into an environment of its own."""

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
GOOD = "layers:\n  - {type: Input, shape: [3]}\n  - {type: Dense, units: 2}\n"
BAD = "layers:\n  - {type: Input, shape: [3]}\n  - {type: Dnese, units: 2}\n"
PRE_COMMIT = (
    [sys.executable, "-m", "pre_commit"] if find_spec("pre_commit") else [shutil.which("pre-commit")]
)


def test_the_hook_runs_a_command_that_there_is() -> None:
    from seqshape.cli.check import command

    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    program, name, *options = hook["entry"].split()
    assert (program, name) == ("seqshape", command.name)
    assert set(options) <= {option for param in command.params for option in param.opts}


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=test", "-c", "user.email=test@example.org"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, timeout=60)


@pytest.fixture
def hooks(tmp_path: Path) -> Path:
    """A repository that is a copy of this checkout."""
    copy = tmp_path / "seqshape"
    ignored = shutil.ignore_patterns(
        ".git", ".venv", ".*_cache", ".cache", "__pycache__", "*.egg-info", "golden"
    )
    shutil.copytree(ROOT, copy, ignore=ignored)
    git(copy, "init", "--quiet")
    git(copy, "add", "--all")
    git(copy, "commit", "--quiet", "--message", "copy")
    return copy


@pytest.mark.skipif(PRE_COMMIT[0] is None or shutil.which("git") is None, reason="needs git and pre-commit")
@pytest.mark.timeout(600)
def test_pre_commit_judges_the_specs_of_a_commit(hooks: Path, tmp_path: Path) -> None:
    project = tmp_path / "project"
    (project / "specs").mkdir(parents=True)
    for name, text in (("good", GOOD), ("bad", BAD), ("alien", "on: [push]\n")):
        (project / "specs" / f"{name}.yaml").write_text(text, encoding="utf-8")
    git(project, "init", "--quiet")
    git(project, "add", "--all")
    environment = {
        **{
            name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PYTHONPATH"))
        },
        "PRE_COMMIT_HOME": str(tmp_path / "home"),
        "SEQSHAPE_CACHE_DIR": str(tmp_path / "cache"),
    }

    files = [f"specs/{name}.yaml" for name in ("good", "bad", "alien")]
    command = [*map(str, PRE_COMMIT), "try-repo", str(hooks), "seqshape", "--verbose", "--files", *files]
    result = subprocess.run(
        command, cwd=project, env=environment, capture_output=True, text=True, timeout=580, check=False
    )
    assert result.returncode == 1, result.stdout + result.stderr
    assert "specs/bad.yaml:3:" in result.stdout
    assert "did you mean `Dense`?" in result.stdout
    assert not {"good.yaml:", "alien.yaml:"} & set(result.stdout.replace("/", " ").split())
    assert "2 specs" in result.stdout
