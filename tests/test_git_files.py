"""`REV:path`: what is read as one, and what git has."""

import subprocess
from pathlib import Path

import pytest

from seqshape import git_files
from seqshape.git_files import NotInGit, read, split

GIT = ("git", "-c", "user.email=a@example.org", "-c", "user.name=a", "-c", "commit.gpgsign=false")
MOST = 1000


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "sub").mkdir()
    (tmp_path / "top.yaml").write_bytes(b"top")
    (tmp_path / "sub" / "inner name.yaml").write_bytes(b"inner")
    for arguments in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-q", "-m", "first"]):
        subprocess.run([*GIT, *arguments], cwd=tmp_path, check=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("HEAD:a.yaml", ("HEAD", "a.yaml")),
        ("HEAD~2:specs/a.yaml", ("HEAD~2", "specs/a.yaml")),
        ("main@{12:30}:a.yaml", ("main@{12:30}", "a.yaml")),
        (":a.yaml", ("", "a.yaml")),
        ("a.yaml", None),
        ("HEAD:", None),
        (r"C:\specs\a.yaml", None),
        ("c:/specs/a.yaml", None),
        ("x:a.yaml", ("x", "a.yaml")),
    ],
)
def test_what_names_a_revision(
    text: str, expected: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert split(text) == expected


def test_a_file_of_that_name_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "HEAD:a.yaml").write_bytes(b"")
    assert split("HEAD:a.yaml") is None


def test_files_as_git_reads_paths(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (repository / "top.yaml").write_bytes(b"changed")
    assert read("HEAD", "top.yaml", MOST) == b"top"
    assert read("main", "sub/inner name.yaml", MOST) == b"inner"
    monkeypatch.chdir(repository / "sub")
    assert read("HEAD", "./inner name.yaml", MOST) == b"inner"
    assert read("", "top.yaml", MOST) == b"top"


@pytest.mark.parametrize(
    ("revision", "path", "words"),
    [
        ("HEDA", "top.yaml", "git knows no revision `HEDA`"),
        ("mai", "top.yaml", "did you mean `main`?"),
        ("HEAD", "tpo.yaml", "there is no `tpo.yaml` at `HEAD`; did you mean `top.yaml`?"),
        ("", "tpo.yaml", "at what is staged; did you mean `top.yaml`?"),
        ("HEAD", "sub", "`sub` is a folder at `HEAD`"),
        ("--textconv", "top.yaml", "`--textconv` is no revision"),
        ("HEAD", "a\0b", "is no revision"),
    ],
)
def test_what_git_has_not(revision: str, path: str, words: str, repository: Path) -> None:
    with pytest.raises(NotInGit) as found:
        read(revision, path, MOST)
    assert words in (found.value.strerror or "")


def test_a_path_of_the_folder_is_told_from_one_of_the_repository(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository / "sub")
    with pytest.raises(NotInGit) as found:
        read("HEAD", "inner name.yaml", MOST)
    assert "did you mean `./inner name.yaml`? Paths are those of the repository" in (
        found.value.strerror or ""
    )


def test_too_large_a_file(repository: Path) -> None:
    with pytest.raises(NotInGit) as found:
        read("HEAD", "top.yaml", 2)
    assert found.value.strerror == "it has 3 bytes, more than 2"


def test_no_repository_and_no_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(NotInGit) as found:
        read("HEAD", "a.yaml", MOST)
    assert "this folder is in no git repository" in (found.value.strerror or "")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotInGit) as found:
        read("HEAD", "a.yaml", MOST)
    assert "git is not installed" in (found.value.strerror or "")


def test_git_that_does_not_answer(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git_files, "_PATIENCE", 0.0)
    with pytest.raises(NotInGit) as found:
        read("HEAD", "top.yaml", MOST)
    assert "git does not answer" in (found.value.strerror or "")
