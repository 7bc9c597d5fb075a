"""How well root causes are named and faults repaired, on the bench of `tests/repairs`.

Run it with `python -m tests.repairs` from the root of a checkout, with words to take only the cases whose
path holds one of them. Times are wall times of one inspection each, after Keras is loaded.
"""

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from seqshape.engine import Engine
from tests.repairs.bench import Figures, Outcome, false_alarms, figures, judging, outcome
from tests.repairs.cases import Case, broken, sound

_BUDGET = 5.0
"""Seconds that the search for fixes may take: the bar of the slowest."""
_WARM = (
    "layers:\n  - {type: Input, shape: [8, 4]}\n  - {type: GRU, units: 3}\n  - {type: Dense, units: 2}\n"
)


def main() -> int:
    """Runs the bench and prints it; 1 where a fault is missed or a correct spec gets a word."""
    parser = argparse.ArgumentParser(prog="python -m tests.repairs", description=__doc__)
    parser.add_argument("words", nargs="*", metavar="WORD", help="a part of the path of a case")
    options = parser.parse_args()
    cases = [case for case in broken() if _wanted(case.path, options.words)]
    twins = [path for path in sound() if _wanted(path, options.words)]
    with TemporaryDirectory() as folder:
        engine = Engine(Path(folder))
        judge = judging(engine, budget=_BUDGET)
        judge("warm.yaml", _WARM)
        alarms = false_alarms(twins, judge)
        outcomes = [_run(case, engine) for case in cases]
    if outcomes:
        print(table(outcomes))
        print("\n".join(misses(outcomes)))
    print(f"{len(twins)} correct specs, {len(alarms)} of them with an error or a warning")
    for path, said in alarms.items():
        print(f"  {path.stem}: " + "; ".join(f"{item.code} {item.message}" for item in said))
    return 0 if not alarms and all(each.detected for each in outcomes) else 1


def table(outcomes: list[Outcome]) -> str:
    """A line for each kind of fault, and one for all."""
    kinds = sorted({each.case.kind for each in outcomes})
    rows = [(kind, figures(each for each in outcomes if each.case.kind == kind)) for kind in kinds]
    head = f"{'kind':18}{'cases':>6}{'found':>7}{'cause':>7}{'fixed':>7}{'first':>7}{'in 3':>7}{'median':>9}{'worst':>9}"
    return "\n".join([head, *(_line(kind, found) for kind, found in [*rows, ("all", figures(outcomes))])])


def misses(outcomes: list[Outcome]) -> list[str]:
    """What is not as it should be, case by case, with the fixes that were shown."""
    lines = []
    for each in outcomes:
        wrong = _wrong(each)
        if wrong:
            lines.append(f"{each.case.kind}/{each.case.name}: {', '.join(wrong)}")
            lines += [
                f"  {number}. {title}{'' if sound_ else '  (NOT SOUND)'}{'  (accepted)' if taken else ''}"
                for number, (title, sound_, taken) in enumerate(
                    zip(each.titles, each.verified, each.accepted, strict=True), 1
                )
            ]
            if not each.first:
                lines.append(f"  wanted: {each.case.accepted[0].what}")
    return lines


def _wrong(each: Outcome) -> list[str]:
    if not each.detected:
        return ["not found"]
    wrong = []
    if not each.named:
        right = " or ".join(".".join(cause) for cause in each.case.causes)
        wrong.append(f"cause {each.cause or 'not named'}, is {right}")
    if not each.titles:
        wrong.append("no fix")
    elif not each.first:
        wrong.append("accepted is not first" if any(each.accepted) else "none accepted")
    if not all(each.verified):
        wrong.append("a fix is not sound")
    return wrong


def _line(kind: str, found: Figures) -> str:
    shares = (found.detected, found.named, found.fixed, found.first, found.among)
    told = "".join(f"{share:>7.0%}" for share in shares)
    return f"{kind:18}{found.count:>6}{told}{found.median:>7.2f} s{found.worst:>7.2f} s"


def _run(case: Case, engine: Engine) -> Outcome:
    return outcome(case, engine, judging(engine, budget=_BUDGET))


def _wanted(path: Path, words: list[str]) -> bool:
    name = f"{path.parent.name}/{path.stem}"
    return not words or any(word in name for word in words)


if __name__ == "__main__":
    sys.exit(main())
