"""A sweep in words and cells, for the renderers that people read."""

from collections.abc import Iterator

from seqshape.sweeping.result import Combination, Sizes, Sweep
from seqshape.wording import count, listed, shape


def headers(found: Sweep) -> tuple[str, ...]:
    """The heads of the columns; the last is that of the outputs."""
    work = ("Multiply-acc.",) if found.worked else ()
    names = {name for each in found.combinations for name, _ in each.outputs}
    output = f"Output of {next(iter(names))}" if len(names) == 1 else "Outputs"
    return (*(name for name, _ in found.values), "Parameters", "Bytes", *work, output)


def cells(each: Combination, found: Sweep) -> tuple[str, ...]:
    """The cells of one row; where there is an error, the last one names it."""
    sizes = tuple(map(size_text, (size for _, size in each.sizes)))
    if each.totals is None:
        return (*sizes, "", "", *([""] if found.worked else []), _fault(each))
    alone = len({name for other in found.combinations for name, _ in other.outputs}) == 1
    outputs = ", ".join(shape(axes) if alone else f"{name} {shape(axes)}" for name, axes in each.outputs)
    work = (_work(each),) if found.worked else ()
    return (*sizes, f"{each.totals.params:,}", f"{each.totals.weight_bytes:,}", *work, outputs)


def size_text(size: int | None) -> str:
    """A size as `--set` takes it."""
    return "null" if size is None else str(size)


def sizes_text(sizes: Sizes) -> str:
    """A combination: `H=16, T=null`."""
    return ", ".join(f"{name}={size_text(size)}" for name, size in sizes)


def _fault(each: Combination) -> str:
    assert each.fault is not None
    return f"error {each.fault.code}" + (f" in {each.fault.layer}" if each.fault.layer else "")


def _work(each: Combination) -> str:
    """What is known of the multiply-accumulates: a number, a formula, at least a number, or a dash."""
    work = each.work
    if work is None or not work.counted:
        return "-"
    said = f"{work.number:,}" if work.number is not None else work.formula or "?"
    return f"more than {said}" if work.unknown and said != "?" else said


def faults(found: Sweep) -> Iterator[tuple[str, str, str]]:
    """The errors, those with one code in one layer once: code, message, and where that is."""
    groups: dict[tuple[str, str | None], list[Combination]] = {}
    for each in found.combinations:
        if each.fault is not None:
            groups.setdefault((each.fault.code, each.fault.layer), []).append(each)
    for (code, layer), alike in groups.items():
        first = alike[0].fault
        assert first is not None
        where = f"with {sizes_text(alike[0].sizes)}"
        if len(alike) > 1:
            where += f", and in {count(len(alike) - 1, 'more combination')}"
        yield code, f"{layer}: {first.message}" if layer else first.message, where


def notes(found: Sweep) -> Iterator[str]:
    """What a reader must know of the numbers."""
    if found.worked and any(each.work is not None for each in found.combinations):
        yield "Multiply-accumulates are for one sample; element-wise work is not counted"
        if any(each.work is not None and not each.work.counted for each in found.combinations):
            yield "- nothing in the model is counted"
        if any(each.work is not None and each.work.late for each in found.combinations):
            yield "? counting took too long; --no-macs leaves multiply-accumulates out"
        if unknown := found.uncounted():
            yield f"Not all is known of {listed(unknown, 'and')}"
    sound = [each for each in found.combinations if each.ok]
    traced = sum(each.traced for each in sound)
    if traced < len(sound):
        which = f"{traced:,} of them were traced too" if traced else "no call was traced"
        yield f"All were built, {which}; --trace traces all"


def summary(found: Sweep) -> str:
    """The last line: how many combinations there are, and how many of them hold."""
    wrong = sum(not each.ok for each in found.combinations)
    done = len(found.combinations)
    said = count(done, "combination")
    if not found.complete:
        said = f"ended after {done:,} of {count(found.total, 'combination')}"
    return f"{said}, {wrong:,} with an error" if wrong else said
