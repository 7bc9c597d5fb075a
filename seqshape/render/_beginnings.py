"""What `explain` says of what weights begin as, before any training: sentences for readers."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace

from seqshape.engine.question import Beginning, Drawn
from seqshape.tree import Json
from seqshape.wording import listed

_DIGITS = 4


def begun(beginnings: Iterable[Beginning]) -> Iterator[str]:
    """A sentence for each kind of beginning, with the weights that it is of."""
    alike: dict[Beginning, list[str]] = {}
    for each in beginnings:
        settings = "{}" if _is_told(each) else each.settings
        alike.setdefault(replace(each, weight="", settings=settings), []).append(each.weight)
    for each, names in alike.items():
        begin = f"{listed(names, 'and')} {'begins' if len(names) == 1 else 'begin'}"
        yield f"{begin} {_as(each)}"


def _is_told(each: Beginning) -> bool:
    """Whether the numbers themselves are told, which say all that settings can."""
    return each.drawn is not None or bool(each.values)


def _as(each: Beginning) -> str:
    kind = f"as `{each.type}`{_settings(each)}" if each.type else ""
    called = f"{kind}: " if kind else ""
    if each.drawn is not None:
        return f"{called}{_drawn(each.drawn)}"
    if each.values:
        (value, often), *others = each.values
        if not others:
            return f"{called}{_number(value)}{' everywhere' if often > 1 else ''}"
        return f"{called}with " + " and ".join(
            f"{often:,} times {_number(value)}" for value, often in each.values
        )
    if kind:
        return f"{kind}. Keras: {each.about}" if each.about else kind
    return "as Keras's layer fills it, which is not seen here"


def _drawn(drawn: Drawn) -> str:
    if drawn.how == "uniform":
        low, high = _number(drawn.one), _number(drawn.other)
        return f"random numbers between {low} and {high}, each as likely as the other"
    cut = ", none of them more than twice that away" if drawn.how == "truncated_normal" else ""
    mean, deviation = _number(drawn.one), _number(drawn.other)
    return (
        f"random numbers around {mean}, normally distributed with a standard deviation of {deviation}{cut}"
    )


def _settings(each: Beginning) -> str:
    """The settings that are not null, as a spec has them."""
    settings = json.loads(each.settings)
    said = [f"{name}: {json.dumps(value)}" for name, value in settings.items() if value is not None]
    return f" ({', '.join(said)})" if said else ""


def _number(value: float) -> str:
    return f"{value:.{_DIGITS}g}"


def data(each: Beginning) -> Json:
    """The same as JSON has it."""
    drawn = each.drawn
    names = (
        ("minimum", "maximum") if drawn is not None and drawn.how == "uniform" else ("mean", "deviation")
    )
    return {
        "initializer": each.type or None,
        "settings": json.loads(each.settings),
        "about": each.about or None,
        "drawn": None
        if drawn is None
        else {"distribution": drawn.how, names[0]: drawn.one, names[1]: drawn.other},
        "values": [{"value": value, "times": often} for value, often in each.values],
    }
