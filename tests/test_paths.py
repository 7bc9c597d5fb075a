"""Arguments to files: what is judged, in which order, and what is said of the rest."""

import os
import sys
from pathlib import Path

import pytest

from seqshape.paths import Found, displayed, find, folders, in_order, matches


def is_spec(path: Path) -> bool:
    return path.read_text(encoding="utf-8").startswith("layers")


def found(*arguments: str, specs_only: bool = False) -> Found:
    return find(arguments, is_spec, specs_only)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with specs, other YAML, and what is no business of anybody's."""
    for name in (
        "specs/a10.yaml",
        "specs/a2.yml",
        "specs/deep/er/b.YAML",
        ".hidden/a.yaml",
        "specs/node_modules/a.yaml",
        "specs/__pycache__/a.yaml",
        "env/lib/a.yaml",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("layers: []\n", encoding="utf-8")
    (tmp_path / "env/pyvenv.cfg").touch()
    (tmp_path / "specs/alien.yaml").write_text("name: x\n", encoding="utf-8")
    (tmp_path / "specs/README.md").write_text("layers\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


IN_FOLDER = ("specs/a2.yml", "specs/a10.yaml", "specs/deep/er/b.YAML")


@pytest.mark.parametrize("argument", ["specs", "specs/", "./specs", ".", "specs/**", "s*s"])
def test_of_a_folder_or_a_glob_the_specs_in_natural_order(argument: str) -> None:
    assert found(argument) == Found(IN_FOLDER, passed_over=1)


def test_a_glob_with_a_suffix_of_its_own_finds_such_files() -> None:
    assert found("**/*.md").paths == ("specs/README.md",)
    assert found("specs/node_modules/*.yaml").paths == ("specs/node_modules/a.yaml",)


def test_a_folder_by_its_absolute_path_is_shown_from_the_working_directory(folder: Path) -> None:
    assert found(str(folder / "specs")).paths == IN_FOLDER


def test_what_lies_elsewhere_is_shown_as_it_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder / "env")
    assert found("../specs/deep").paths == ("../specs/deep/er/b.YAML",)
    assert displayed(str(folder / "specs")) == (folder / "specs").as_posix()


def test_a_named_file_is_judged_whatever_it_holds() -> None:
    assert (
        found("specs/alien.yaml", "specs/README.md").paths == ("specs/alien.yaml", "specs/README.md")[::-1]
    )


def test_with_specs_only_a_named_file_that_is_no_spec_is_passed_over() -> None:
    assert found("specs/alien.yaml", "specs/a2.yml", specs_only=True) == Found(("specs/a2.yml",), 1)


def test_a_file_named_twice_is_judged_once(folder: Path) -> None:
    names = ("specs/a2.yml", "./specs/a2.yml", str(folder / "specs/a2.yml"), "specs/deep/../a2.yml")
    assert found(*names, "specs").paths == IN_FOLDER
    assert found("specs", "specs/alien.yaml") == Found(
        ("specs/a2.yml", "specs/a10.yaml", "specs/alien.yaml", "specs/deep/er/b.YAML")
    )
    assert found("-", "specs/a2.yml", "-").paths == ("-", "specs/a2.yml")


def test_links_that_go_round_end(folder: Path) -> None:
    (folder / "specs/deep/up").symlink_to("..")
    (folder / "specs/self").symlink_to(".")
    (folder / "linked").symlink_to("specs")
    assert len(found("specs", "linked").paths) == 3


def test_each_wrong_path_is_told_and_the_others_are_found() -> None:
    result = found("spec", "specs/a2.yaml", "*.txt", "nothing/like/it", "specs/deep")
    assert result.paths == ("specs/deep/er/b.YAML",)
    assert result.problems == (
        ("spec", "no such file or folder; did you mean `specs`?"),
        ("specs/a2.yaml", "no such file or folder; did you mean `specs/a2.yml`?"),
        ("*.txt", "no file matches"),
        ("nothing/like/it", "no such file or folder"),
    )


def test_a_link_that_leads_nowhere_is_left_to_the_reader(folder: Path) -> None:
    (folder / "specs/deep/gone.yaml").symlink_to("nowhere")
    assert found("specs/deep/gone.yaml").paths == ("specs/deep/gone.yaml",)
    assert found("specs/deep").problems == (("specs/deep/gone.yaml", "No such file or directory"),)


def test_a_file_with_the_name_of_a_glob_is_that_file(folder: Path) -> None:
    (folder / "specs/a[1].yaml").write_text("layers: []\n", encoding="utf-8")
    assert found("specs/a[1].yaml").paths == ("specs/a[1].yaml",)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root reads everything")
def test_what_may_not_be_read_is_told(folder: Path) -> None:
    (folder / "specs/a2.yml").chmod(0)
    (folder / "specs/deep").chmod(0)
    assert [path for path, _ in found("specs").problems] == ["specs/a2.yml", "specs/deep"]
    (folder / "specs/deep").chmod(0o700)


def test_a_folder_that_cannot_be_read_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.scandir

    def scandir(path: str) -> object:
        if str(path).endswith("deep"):
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    result = found("specs")
    assert result.paths == IN_FOLDER[:2]
    assert result.problems == (("specs/deep", "Permission denied"),)


def test_path_order() -> None:
    names = ["a/b.yaml", "a/b/c.yaml", "a/b1.yaml", "a/b2.yaml", "a/b10.yaml", "a10/x.yaml", "b.yaml"]
    assert sorted(sorted(names), key=in_order) == [names[1], names[0], *names[2:]]


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("*.yaml", "old/a.yaml", True),
        ("a.yaml", "old/deep/a.yaml", True),
        ("old/*.yaml", "old/a.yaml", True),
        ("old/*.yaml", "old/deep/a.yaml", False),
        ("old/**", "old/deep/a.yaml", True),
        ("old/**/a.yaml", "old/a.yaml", True),
        ("**/a.yaml", "old/deep/a.yaml", True),
        ("./old/a.yaml", "old/a.yaml", True),
        ("old/?.yaml", "old/ab.yaml", False),
        ("old/[ab].yaml", "old/b.yaml", True),
        ("ld/*.yaml", "old/a.yaml", False),
    ],
)
def test_globs_of_settings(pattern: str, path: str, fits: bool) -> None:
    assert matches(pattern, path) is fits


def test_links_to_folders_elsewhere_are_not_followed(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "other.yaml").write_text("layers: []\n", encoding="utf-8")
    before = found("specs").paths
    (folder / "specs/away").symlink_to(elsewhere)
    assert found("specs").paths == before
    assert len(found("specs/away").paths) == 1


def test_the_folders_in_which_a_change_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path = tmp_path.resolve() / "own"
    for folder in ("specs/deep", "specs/.hidden", "specs/node_modules", "elsewhere"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "elsewhere" / "real.yaml").write_text("", encoding="utf-8")
    (tmp_path / "link.yaml").symlink_to(tmp_path / "elsewhere" / "real.yaml")
    monkeypatch.chdir(tmp_path)

    def seen(*arguments: str) -> set[str]:
        return {Path(each).relative_to(tmp_path).as_posix() for each in folders(arguments)}

    assert seen("model.yaml", "specs/x.yaml") == {".", "specs"}
    assert seen("specs") == {".", "specs", "specs/deep"}
    assert seen("specs/**/*.yaml") == {".", "specs", "specs/deep"}
    assert seen("not/there/yet.yaml") == {"."}
    assert seen("link.yaml") == {".", "elsewhere"}
