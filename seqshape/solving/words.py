"""What came of a question about a size, in words and cells."""

from collections.abc import Iterable, Iterator
from itertools import islice

from seqshape.solving.result import Asked, Budget, Solution
from seqshape.sweeping.result import QUANTITIES, Combination
from seqshape.sweeping.words import size_text, sizes_text
from seqshape.wording import bytes_text, count

_NAMES = {"params": "parameters", "bytes": "bytes of weights", "macs": "multiply-accumulates"}
_MOST_REFUSED = 3


def answer(found: Solution) -> str:
    """The answer as one sentence."""
    asked = found.asked
    budgets = f"at {'most' if asked.most else 'least'} {_joined(map(_budget, asked.budgets))}"
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


def _budget(budget: Budget) -> str:
    if budget.quantity == "bytes":
        return f"{bytes_text(budget.limit)} of weights"
    return count(budget.limit, _NAMES[budget.quantity].removesuffix("s"))


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
    """What a value is: how much of a budget is left, or how far it is passed, or an error."""
    if each.fault is not None:
        where = f" in {each.fault.layer}" if each.fault.layer else ""
        return f"error {each.fault.code}{where}"
    holds = asked.holds(each)
    if holds is None:
        return "not known"
    if len(asked.budgets) > 1:
        return _several(each, asked)
    number = each.quantity(asked.budgets[0].quantity)
    assert number is not None
    difference = number - asked.budgets[0].limit
    if not difference:
        return "exactly"
    return f"{abs(difference):,} {'more' if difference > 0 else 'less'}"


def _several(each: Combination, asked: Asked) -> str:
    """Which of several budgets do not hold."""
    sign = 1 if asked.most else -1
    broken = [
        _NAMES[budget.quantity]
        for budget in asked.budgets
        if sign * ((each.quantity(budget.quantity) or 0) - budget.limit) > 0
    ]
    if not broken:
        return "all within" if asked.most else "all reached"
    return f"too {'many' if asked.most else 'few'} {_joined(broken)}"


def facts(found: Solution) -> Iterator[tuple[str, str]]:
    """What stands below the table: formulas, other sizes, how it was found."""
    for name, formula in found.formulas:
        if formula is not None and found.depends:
            yield QUANTITIES[name], formula
    if found.asked.others:
        yield "Other sizes", sizes_text(found.asked.others)
    if found.asked.ended or found.asked.low > 1:
        yield "Range", _range(found)
    yield "Found", _how(found)


def _range(found: Solution) -> str:
    said = f"{found.asked.first:,} to {found.asked.last:,}"
    if not found.cut:
        return said
    return f"{said}, and no further: the formula divides by {found.asked.name}, so each value was looked at"


def _how(found: Solution) -> str:
    built = f"{count(found.built, 'value')} built and traced"
    missing = [_NAMES[name] for name, formula in found.formulas if formula is None]
    if not missing:
        return f"from the formula{'s' if len(found.formulas) > 1 else ''}; {built}"
    return f"by asking, since there is no formula of {_joined(missing)} over {found.asked.name}; {built}"


def notes(found: Solution) -> Iterator[str]:
    """What a reader must know besides."""
    asked = found.asked
    if found.falling:
        fewer = _joined(_NAMES[name] for name in found.falling)
        yield f"A larger {asked.name} gives fewer {fewer}"
    if any(formula is None for _, formula in found.formulas) and found.status == "found":
        yield "Values in between were not all asked: the budget is taken to be passed only once"
    if found.gaps:
        side = "smaller" if asked.most else "larger"
        why = "" if found.falling else ": the numbers rise and fall"
        yield f"Not every {side} value of {asked.name} will do{why}"
    if found.status == "found" and found.beyond is None:
        end = "largest" if asked.most else "smallest"
        yield f"{asked.name}={found.value} is the {end} value in the range that was asked about"
    yield from _refused(found)
    if found.beyond is not None and found.beyond.ok and asked.holds(found.beyond):
        yield f"{asked.name}={dict(found.beyond.sizes)[asked.name]} would do too"


def _refused(found: Solution) -> Iterator[str]:
    """The values that would do if the spec did not have an error with them; one error is told once."""
    groups: dict[tuple[str, str | None], list[Combination]] = {}
    for each in found.refused:
        if each.fault is not None:
            groups.setdefault((each.fault.code, each.fault.layer), []).append(each)
    for (code, layer), alike in islice(groups.items(), _MOST_REFUSED):
        values = [size_text(dict(each.sizes)[found.asked.name]) for each in alike]
        shown = ", ".join(values[:_MOST_REFUSED])
        if len(values) > _MOST_REFUSED:
            shown += f" and {count(len(values) - _MOST_REFUSED, 'other value')} that were tried"
        fault = alike[0].fault
        where = f"{layer}: " if layer else ""
        said = "" if fault is None else fault.message
        verb = "is" if len(values) == 1 else "are"
        yield f"Not taken {verb} {found.asked.name}={shown}: error {code} {where}{said}"
