"""Lines that go and come, and patches: what is made of them again is the mended text."""

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqshape.edits import Draft
from seqshape.render._changes import changes, patch
from seqshape.source import from_text

LINES = "".join(f"  - {{name: layer{number}, type: ReLU}}\n" for number in range(40))


@given(st.data())
def test_the_lines_that_go_and_come_make_the_new_text(data: st.DataObject) -> None:
    source = from_text("", data.draw(st.text("ab\n", max_size=12)))
    draft = Draft(source.text)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(draft.text)), max_size=6)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    draft.change([(start, stop, data.draw(st.text("XY\n", max_size=3))) for start, stop in pairs])
    found = list(changes(source, draft.edits(source)))
    old, new = (text.split("\n") for text in (source.text, draft.text))
    gone = {each.number for each in found if each.sign == "-"}
    assert all(old[each.number - 1] == each.text for each in found if each.sign == "-")
    made = [line for number, line in enumerate(old, start=1) if number not in gone]
    for each in found:
        if each.sign == "+":
            made.insert(each.number - 1, each.text)
    assert [line for line in made if line] == [line for line in new if line]


def test_no_change_is_no_patch() -> None:
    assert patch(from_text("a.yaml", LINES), LINES) == b""


@pytest.mark.skipif(shutil.which("git") is None, reason="git applies the patches")
@pytest.mark.parametrize(
    ("before", "after", "bom"),
    [
        (LINES, LINES.replace("layer7,", "seven,").replace("layer30,", "thirty,"), False),
        (LINES, LINES + "  - {name: end, type: ReLU}", False),
        (LINES.rstrip("\n"), LINES.rstrip("\n") + "\n  - {name: end}", False),
        (LINES.rstrip("\n"), LINES, False),
        (LINES.replace("\n", "\r\n"), LINES.replace("\n", "\r\n").replace("layer0,", "zero,"), False),
        (LINES.replace("\n", "\r"), LINES.replace("\n", "\r").replace("layer0,", "zero,"), False),
        (
            LINES.replace(",", "\u2028\x85,"),
            LINES.replace(",", "\u2028\x85,").replace("layer5", "é"),
            False,
        ),
        (LINES, LINES.replace("layer1,", "one,"), True),
    ],
)
@pytest.mark.parametrize("name", ["model.yaml", "a b.yaml", "folder/é.yaml"])
def test_git_makes_the_mended_text_of_it(
    tmp_path: Path, name: str, before: str, after: str, bom: bool
) -> None:
    mark = "\ufeff" if bom else ""
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes((mark + before).encode())
    subprocess.run(
        ["git", "apply", "-p1", "-"],
        input=patch(from_text(name, before), after, bom=bom),
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    assert file.read_bytes() == (mark + after).encode()


def test_no_name_makes_a_line_of_its_own() -> None:
    head = patch(from_text("/a\n+b\x1b.yaml", "a"), "b").splitlines()[0]
    assert head == b"--- a/a\\u000a+b\\u001b.yaml"
