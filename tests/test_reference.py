"""
The examples of `specs/README.md`, each of them run.

A fence marked `yaml` is a whole spec. `# SEQ101: words` at the end of a line marks a diagnostic that
must stand on that line with those words in its message; any other diagnostic fails the test.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import seqshape
from seqshape.engine import Engine

REFERENCE = Path(__file__).parent.parent / "specs" / "README.md"

_FENCE = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_MARK = re.compile(r"# (SEQ\d{3}): (.+?)(?= # SEQ\d{3}:|$)", re.MULTILINE)


@dataclass(frozen=True)
class Fence:
    """An example, and the line of the reference that it starts on."""

    line: int
    text: str


def fences(text: str) -> list[Fence]:
    return [Fence(text.count("\n", 0, found.start(1)) + 1, found[1]) for found in _FENCE.finditer(text)]


def marks(spec: str) -> Iterator[tuple[int, str, str]]:
    """Line, code and words of each mark."""
    for number, line in enumerate(spec.splitlines(), start=1):
        for found in _MARK.finditer(line):
            yield number, found[1], found[2]


def differences(spec: str, engine: Engine) -> list[str]:
    """What a spec says beside its marks, and what its marks say beside it; empty where both agree."""
    report = seqshape.inspect_bytes("example.yaml", spec.encode(), engine=engine)
    found = [(item.place.line, item.code, item.message) for item in report.diagnostics]
    wrong = []
    for line, code, words in marks(spec):
        said = next((each for each in found if each[:2] == (line, code) and words in each[2]), None)
        if said is None:
            wrong.append(f"line {line}: nothing says {code}: {words}")
        else:
            found.remove(said)
    wrong.extend(f"line {line}: no mark for {code}: {message}" for line, code, message in found)
    return wrong


EXAMPLES = fences(REFERENCE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("fence", EXAMPLES, ids=lambda fence: f"line {fence.line}")
def test_example(fence: Fence, engine: Engine) -> None:
    assert differences(fence.text, engine) == []


def test_every_fence_is_seen() -> None:
    """No fence hides behind an indent or another spelling of the language."""
    text = REFERENCE.read_text(encoding="utf-8")
    assert len(EXAMPLES) == len(re.findall(r"(?im)^[ \t>]*[`~]{3,}[ \t]*ya?ml", text)) > 20


GOOD = (
    "layers:\n  - {name: x, type: Input, shape: [8]}\n  - {type: Dense, units: 5, expect: {params: 45}}\n"
)
WRONG = "layers:\n  - {name: x, type: Input, shape: [8]}\n  - {type: Dense, unit: 5, units: 5}%s\n"


def test_an_agreement_is_seen(engine: Engine) -> None:
    assert differences(GOOD, engine) == []
    assert differences(WRONG % "  # SEQ103: did you mean `units`?", engine) == []


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        (GOOD.replace("45", "46"), "line 3: no mark for SEQ402"),
        (GOOD.replace("45}}", "45}}  # SEQ402: 45"), "line 3: nothing says SEQ402: 45"),
        (WRONG % "", "line 3: no mark for SEQ103"),
        (WRONG % "  # SEQ101: unknown argument", "line 3: nothing says SEQ101"),
        (WRONG % "  # SEQ103: did you mean `unity`?", "line 3: nothing says SEQ103"),
        (WRONG % "\n  # SEQ103: did you mean `units`?", "line 4: nothing says SEQ103"),
        (WRONG % "  # SEQ103: `unit` # SEQ103: `unit`", "line 3: nothing says SEQ103"),
    ],
    ids=["broken expect", "needless mark", "no mark", "code", "words", "line", "twice"],
)
def test_a_wrong_mark_is_caught(spec: str, said: str, engine: Engine) -> None:
    assert any(found.startswith(said) for found in differences(spec, engine))
