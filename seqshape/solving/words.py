"""What came of a question about a size, in words and cells."""

from collections.abc import Iterable, Iterator

from seqshape.solving.result import Asked, Budget, Solution
from seqshape.sweeping.result import QUANTITIES, Combination
from seqshape.sweeping.words import size_text, sizes_text
from seqshape.wording import bytes_text, count

_NAMES = {"params": "parameters", "bytes": "bytes of weights", "macs": "multiply-accumulates"}
_MOST_REFUSED = 3


def answer(found: Solution) -> str:
    """The answer as one sentence."""
    asked = found.asked
    budgets = _joined(_budget(each, asked.most) for each in asked.budgets)
    held = "" if found.depends else f": {_names(asked)} do not depend on {asked.name}"
    match found.status:
        case "found":
            which = "largest" if asked.most else "smallest"
            kind = f"multiple of {asked.multiple:,}" if asked.multiple > 1 else "value"
            return f"{asked.name}={found.value} is the {which} {kind} with {budgets}"
        case "any":
            held = held or f": up to {asked.last:,} there is no largest"
            return f"every value of {asked.name} has {budgets}{held}"
        case "unfit":
            return f"no value of {asked.name} that was tried has {budgets} and fits the spec"
        case _:
            return f"no value of {asked.name} from {asked.first:,} to {asked.last:,} has {budgets}{held}"


def _names(asked: Asked) -> str:
    return _joined(
        f"{'the ' if not n else ''}{_NAMES[each.quantity]}" for n, each in enumerate(asked.budgets)
    )


def _budget(budget: Budget, most: bool) -> str:
    bound = "at most" if most else "at least"
    if budget.quantity == "bytes":
        return f"{bound} {bytes_text(budget.limit)} of weights"
    return f"{bound} {budget.limit:,} {_NAMES[budget.quantity]}"


def _joined(parts: Iterable[str]) -> str:
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last


def headers(asked: Asked) -> tuple[str, ...]:
    """The heads of the table of values that were built."""
    return (asked.name, *(QUANTITIES[each.quantity] for each in asked.budgets), "")


def rows(found: Solution) -> Iterator[tuple[str, ...]]:
    """The values that were built: the answer, and the next one."""
    for each in (found.answer, found.beyond, found.extreme):
        if each is not None:
            yield _row(each, found.asked)


def _row(each: Combination, asked: Asked) -> tuple[str, ...]:
    value = size_text(dict(each.sizes)[asked.name])
    numbers = tuple(_number(each.quantity(budget.quantity)) for budget in asked.budgets)
    return value, *numbers, verdict(each, asked)


def _number(number: int | None) -> str:
    return "" if number is None else f"{number:,}"


def verdict(each: Combination, asked: Asked) -> str:
    """What a value is: how much of the budgets is left, or how far they are passed, or an error."""
    if each.fault is not None:
        where = f" in {each.fault.layer}" if each.fault.layer else ""
        return f"error {each.fault.code}{where}"
    holds = asked.holds(each)
    if holds is None:
        return "not known"
    parts = []
    for budget in asked.budgets:
        number = each.quantity(budget.quantity)
        assert number is not None
        difference = number - budget.limit
        kept = difference <= 0 if asked.most else difference >= 0
        if kept == holds:
            more = "more" if difference > 0 else "less"
            name = f" {_NAMES[budget.quantity]}" if len(asked.budgets) > 1 else ""
            parts.append(f"{abs(difference):,} {more}{name}" if difference else f"exactly{name}")
    return _joined(parts)


def facts(found: Solution) -> Iterator[tuple[str, str]]:
    """What stands below the table: formulas, other sizes, how it was found."""
    for name, formula in found.formulas:
        if formula is not None:
            yield f"{QUANTITIES[name]} as a formula", formula
    if found.asked.others:
        yield "Other sizes of this run", sizes_text(found.asked.others)
    yield "Found", _how(found)


def _how(found: Solution) -> str:
    built = f"{count(found.built, 'value')} built and traced"
    if all(formula is not None for _, formula in found.formulas):
        return f"from the formula{'s' if len(found.formulas) > 1 else ''}; {built}"
    return f"without a formula, by asking; {built}, and the numbers taken to grow in between"


def notes(found: Solution) -> Iterator[str]:
    """What a reader must know besides."""
    asked = found.asked
    if found.gaps:
        side = "smaller" if asked.most else "larger"
        yield f"Not every {side} value of {asked.name} will do: the numbers rise and fall"
    if found.status == "found" and found.beyond is None:
        end = "largest" if asked.most else "smallest"
        yield f"{asked.name}={found.value} is the {end} value in the range that was asked about"
    errors = [each for each in found.refused if each.fault is not None]
    for each in errors[:_MOST_REFUSED]:
        assert each.fault is not None
        where = f"{each.fault.layer}: " if each.fault.layer else ""
        value = dict(each.sizes)[asked.name]
        yield f"{asked.name}={value} does not fit: error {each.fault.code} {where}{each.fault.message}"
    if len(errors) > _MOST_REFUSED:
        yield f"So it is with {count(len(errors) - _MOST_REFUSED, 'more value')}"
    if found.beyond is not None and found.beyond.ok and asked.holds(found.beyond):
        yield f"{asked.name}={dict(found.beyond.sizes)[asked.name]} would do too"
