"""Wall time and peak memory against the Keras script and `import keras`, as ratios in one run.

Run it with `python -m tests.benchmarks` from the root of a checkout; `--rounds 5` for steadier
figures, `--markdown` for the table of the README. Whole processes are measured, in turn, and the
median of the rounds is compared; each command runs once before, uncounted, as after an installation: with
the bytecode of all modules. What is "remembered" finds the report of the whole file in the store; what is not
finds what Keras says of its types, and neither report nor answer, and writes those that it gets.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks import many
from tests.benchmarks.watching import SMALL, latency

ROOT = Path(__file__).parents[2]
SPEC = ROOT / "specs" / "char_gru_time_distributed.yaml"
BILLIONS = ROOT / "specs" / "gpt3_175b.yaml"
CHAIN = 10_000
SHORT, LONG = 100, 100_000
MANY = 1000
_ANEW = """printf 'layers:\\n  - {type: Inptu, shape: [%d]}\\n' $$ > "$0\""""
"""Writes a file as it never was before."""
ROWS = 1.0
"""Seconds in which 10,000 rows are printed."""
START = 1 / 20
"""Of the script's wall time: what needs no Keras."""

SCRIPT = """
import keras
model = keras.Sequential([
    keras.Input((64, 15)),
    keras.layers.GRU(16, return_sequences=True),
    keras.layers.TimeDistributed(keras.layers.Dense(15)),
    keras.layers.Activation("softmax"),
])
model.summary()
"""


SAVED = """
import sys, keras
from keras import layers
with keras.StatelessScope(initialize_variables=False):
    x = start = keras.Input((2048, 12288))
    for _ in range(96):
        y = layers.LayerNormalization()(x)
        y = layers.MultiHeadAttention(96, 128)(y, y, use_causal_mask=True)
        x = layers.Add()([x, y])
        y = layers.LayerNormalization()(x)
        y = layers.Dense(12288)(layers.Dense(49152, activation="gelu")(y))
        x = layers.Add()([x, y])
    y = layers.Dense(50257, use_bias=False)(layers.LayerNormalization()(x))
    model = keras.Model(start, layers.Softmax()(y))
with open(sys.argv[1], "w") as file:
    file.write(model.to_json())
assert len(model.layers) == 676
"""
"""Writes the model above as Keras saves it: 676 layers."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process took: wall time in seconds, peak memory in MiB."""

    wall: float
    memory: float


@dataclass(frozen=True, slots=True)
class Bar:
    """A comparison and its bar."""

    work: str
    found: str
    bar: str
    holds: bool


def measure(command: list[str], environment: dict[str, str]) -> Cost:
    """Runs a command and measures it; a command that fails ends the benchmark."""
    start = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return Cost(wall, usage.ru_maxrss / 1024)


def chain(length: int) -> str:
    """A spec of that many layers in a row."""
    lines = ["layers:", "  - {type: Input, shape: [64]}"]
    lines.extend("  - {type: Dense, units: 64}" for _ in range(length - 1))
    return "\n".join(lines) + "\n"


def costs(rounds: int) -> dict[str, Cost]:
    """The median cost of every command, measured in turn."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "SEQSHAPE_CACHE_DIR": folder,
            "CUDA_VISIBLE_DEVICES": "-1",
            "PYTHONPYCACHEPREFIX": str(Path(folder, "bytecode")),
        }
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        measure([sys.executable, "-c", SAVED, str(Path(folder, "model.json"))], environment)
        made = commands(Path(folder))
        taken: dict[str, list[Cost]] = {name: [] for name in made}
        for number in range(rounds + 1):
            for name, command in made.items():
                cost = measure(command, environment)
                if number:
                    taken[name].append(cost)
    return {
        name: Cost(
            statistics.median(cost.wall for cost in each), statistics.median(cost.memory for cost in each)
        )
        for name, each in taken.items()
    }


def commands(folder: Path) -> dict[str, list[str]]:
    """Every command that is measured; what it reads is written to a folder, but for the saved model."""

    def written(name: str, text: str) -> str:
        Path(folder, name).write_text(text, encoding="utf-8")
        return str(folder / name)

    def anew(command: str) -> list[str]:
        """A command that finds no answers, before its arguments."""
        forget = ["sh", "-c", 'rm -f "$0"/answers-*; "$@"', str(folder / "fresh")]
        return [*forget, *python, "-m", "seqshape", command, "--cache-dir", str(folder / "fresh")]

    many.write(folder / "many", MANY)
    python = [sys.executable]
    inspect = [*python, "-m", "seqshape", "inspect"]
    raised = ["--format", "json", "--limit", f"nodes={10 * LONG}"]
    chains = {number: written(f"chain_{number}.yaml", chain(number)) for number in (SHORT, CHAIN, LONG)}
    misspelt = written("misspelt.yaml", "layers:\n  - {type: Inptu, shape: [8]}\n")
    return {
        "script": [*python, "-c", SCRIPT],
        "import": [*python, "-c", "import keras"],
        "small": [*anew("inspect"), str(SPEC)],
        "small again": [*inspect, str(SPEC)],
        "many": [*anew("check"), str(folder / "many"), "--no-config"],
        "many again": [*python, "-m", "seqshape", "check", str(folder / "many"), "--no-config"],
        "billions": [*anew("inspect"), str(BILLIONS)],
        "saved": [*anew("inspect"), str(folder / "model.json")],
        "chain": [*anew("inspect"), chains[CHAIN], "--format", "json"],
        "short chain again": [*inspect, chains[SHORT], *raised],
        "chain again": [*inspect, chains[CHAIN], *raised],
        "long chain again": [*inspect, chains[LONG], *raised],
        "help": [*python, "-m", "seqshape", "--help"],
        "version": [*python, "-m", "seqshape", "--version"],
        "misspelt": ["sh", "-c", '"$@" || test $? = 1', "sh", *inspect, misspelt],
        "misspelt anew": ["sh", "-c", f'{_ANEW}; "$@" || test $? = 1', misspelt, *inspect, misspelt],
        "rows": [*inspect, chains[CHAIN], "--no-fold", "--weights"],
    }


def growth(cost: dict[str, Cost]) -> float:
    """How much more a layer costs in a long chain than in a short one, start-up apart."""
    short, middle, long = (cost[f"{name}chain again"].wall for name in ("short ", "", "long "))
    return (long - middle) / (LONG - CHAIN) / ((middle - short) / (CHAIN - SHORT))


def saves() -> list[Bar]:
    """From a save to the printed table, of specs that are watched."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "SEQSHAPE_CACHE_DIR": folder, "CUDA_VISIBLE_DEVICES": "-1"}
        bars = []
        for work, text in (("a small spec", SMALL), ("1,000 layers", chain(1000))):
            seconds = latency(text, Path(folder), environment)
            found = f"{1000 * seconds:.0f} ms"
            bars.append(
                Bar(f"watch {work}, one edited, save to table", found, "at most 100 ms", seconds <= 0.1)
            )
    return bars


def compare(cost: dict[str, Cost]) -> list[Bar]:
    """Each bar of the project and whether it holds."""

    def ratio(work: str, name: str, most: float) -> Bar:
        found = cost[name].wall / cost["script"].wall
        return Bar(work, f"{found:.3f} × the script's wall", f"at most {most:.3g} ×", found <= most)

    def over(work: str, name: str, seconds: float) -> Bar:
        found = cost[name].wall - cost["import"].wall
        return Bar(work, f"`import keras` {found:+.2f} s", f"at most {seconds:+g} s", found <= seconds)

    def memory(work: str, name: str, most: float) -> Bar:
        found = cost[name].memory - cost["import"].memory
        return Bar(work, f"`import keras` {found:+.0f} MiB", f"at most {most:+g} MiB", found <= most)

    small = cost["small"].memory / cost["script"].memory
    again, again_many = cost["small again"].memory, cost["many again"].memory
    grown = growth(cost)
    return [
        ratio("a small spec, remembered, wall time", "small again", START),
        Bar("a small spec, remembered, peak memory", f"{again:.0f} MiB", "at most 60 MiB", again <= 60),
        ratio("a small spec, nothing remembered, wall time", "small", 1.15),
        Bar(
            "a small spec, nothing remembered, peak memory",
            f"{small:.2f} × the script's",
            "none is set",
            True,
        ),
        ratio(
            f"{MANY:,} specs of {many.LEAST} to {many.MOST} layers, remembered, wall time",
            "many again",
            1.5,
        ),
        Bar(
            "the same, remembered, peak memory",
            f"{again_many:.0f} MiB",
            "at most 150 MiB",
            again_many <= 150,
        ),
        ratio("the same, nothing remembered, wall time", "many", 8),
        over("175 billion parameters, wall time", "billions", 1.5),
        memory("175 billion parameters, peak memory", "billions", 64),
        over("676 layers of a saved model, wall time", "saved", 3),
        memory("676 layers of a saved model, peak memory", "saved", 64),
        over("a chain of 10,000 layers as JSON, wall time", "chain", 2),
        memory("a chain of 10,000 layers as JSON, peak memory", "chain", 64),
        ratio("the same chain, remembered, wall time", "chain again", 1 / 3),
        Bar(
            f"what a layer costs, from {SHORT:,} to {LONG:,} in a chain, remembered, wall time",
            f"{grown:.2f} × constant",
            "within 1.3 ×",
            1 / 1.3 <= grown <= 1.3,
        ),
        ratio("`--help`, wall time", "help", START),
        ratio("`--version`, wall time", "version", START),
        ratio("a spec with a misspelt type, remembered, wall time", "misspelt", START),
        ratio("the same, never seen before, wall time", "misspelt anew", START),
        Bar(
            f"{CHAIN:,} rows unfolded, with their weights, the whole command, wall time",
            f"{cost['rows'].wall:.2f} s",
            f"at most {ROWS:g} s",
            cost["rows"].wall <= ROWS,
        ),
    ]


def main() -> int:
    """Measures and prints; 1 where a bar does not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="counted runs of each command")
    parser.add_argument("--markdown", action="store_true", help="print the table of the README")
    options = parser.parse_args()
    cost = costs(options.rounds)
    bars = [*compare(cost), *saves()]
    script, imported = cost["script"], cost["import"]
    print(f"the Keras script: {script.wall:.2f} s, {script.memory:.0f} MiB")
    print(f"`import keras`: {imported.wall:.2f} s, {imported.memory:.0f} MiB")
    if options.markdown:
        print("| work | measured | bar |\n| --- | --- | --- |")
        print("\n".join(f"| {bar.work} | {bar.found} | {bar.bar} |" for bar in bars))
    else:
        for bar in bars:
            print(f"{'ok  ' if bar.holds else 'MISS'} {bar.work}: {bar.found} ({bar.bar})")
    return 0 if all(bar.holds for bar in bars) else 1


if __name__ == "__main__":
    sys.exit(main())
