"""Every code is a file here: its severity, its words, its explanation with a bad and a good spec.

Faults come in, diagnostics go out. A new file is a new rule; nothing else lists them.
"""

import importlib
import pkgutil
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from seqshape.faults import Fault, LayerFault
from seqshape.places import Place
from seqshape.report import Diagnostic
from seqshape.rules.interface import AnyRule, Rule, Words
from seqshape.wording import clipped

if TYPE_CHECKING:
    from seqshape.model import Model
    from seqshape.shape_faults import Refused

_ON_SHAPES = "SEQ2"
"""The range of codes about what Keras refuses."""
_ON_MODELS = ("seq2", "seq3")
"""The ranges of codes about what was built: no other rule looks for anything in a model."""
_CODE = len("seq101_")
_WORD = re.compile("[A-Z][a-z]*")


@cache
def _names() -> tuple[str, ...]:
    """The names of the rules' files, in the order of their codes."""
    names = (info.name for info in pkgutil.iter_modules(__path__))
    return tuple(sorted(name for name in names if name.startswith("seq")))


def all_rules() -> Iterator[AnyRule]:
    """All rules in the order of their codes; each is imported when it is come to."""
    return map(_rule, _names())


@cache
def _rule(name: str) -> AnyRule:
    rule: AnyRule = importlib.import_module(f"{__name__}.{name}").RULE
    return rule


def find(code: str) -> AnyRule | None:
    """The rule of a code; None where there is none."""
    return next((rule for rule in all_rules() if rule.code == code), None)


def codes() -> tuple[str, ...]:
    """All codes, from the names of the files alone."""
    return tuple(name[:6].upper() for name in _names())


def judge(faults: Iterable[Fault], model: "Model | None" = None) -> tuple[Diagnostic, ...]:
    """Each fault in the words of its rule, once, and what rules find in a model; in the order of places."""
    found = [*map(_judge, faults), *(() if model is None else _found(model))]
    diagnostics = {(item.code, item.place, item.message): item for item in found}.values()
    return tuple(sorted(diagnostics, key=lambda item: (item.place.line, item.place.column, item.code)))


@cache
def _asked(kind: str) -> tuple[str, ...]:
    """The names of the rules that are asked about a kind of fault: one that is named after it alone.

    So the words of one fault are found without importing all files. What Keras refuses has many rules.
    """
    named = "_".join(_WORD.findall(kind)).lower()
    own = tuple(name for name in _names() if name[_CODE:] == named)
    return _names() if not own or own[0].upper().startswith(_ON_SHAPES) else own


def _judge(fault: Fault) -> Diagnostic:
    for rule in map(_rule, _asked(type(fault).__name__)):
        if isinstance(rule, Rule) and rule.judges is type(fault):
            words = rule.words(fault)
            if words is not None:
                layer = (fault.layer or None) if isinstance(fault, LayerFault) else None
                if rule.code.startswith(_ON_SHAPES):
                    words = _assuming(words, fault)
                return _diagnostic(rule, words, layer, fault.place)
    raise LookupError(f"no rule judges {type(fault).__name__}")


def _assuming(words: Words, fault: Fault) -> Words:
    """The words, with what was assumed where Keras refused a call."""
    from seqshape.shape_faults import Refused  # not where words alone are wrong

    if not isinstance(fault, Refused) or not fault.assumed:
        return words
    return replace(words, help=_with_assumed(words.help, fault))


def _with_assumed(help_: str, fault: "Refused") -> str:
    """The help, with the names of the axes that sizes in the message stand for."""
    named = ", ".join(f"{size} stands for {label}" for size, label in fault.assumed)
    are = "which is" if len(fault.assumed) == 1 else "which are"
    said = f"{named}, {are} unknown; no other size that was tried fits"
    return f"{help_}; {said}" if help_ else said


def _found(model: "Model") -> Iterator[Diagnostic]:
    """What rules find that judge the whole model."""
    for rule in map(_rule, (name for name in _names() if name.startswith(_ON_MODELS))):
        for finding in rule.finds(model) if rule.finds is not None else ():
            row = model.rows[finding.row]
            yield _diagnostic(rule, finding.words, row.title, row.place)


def _diagnostic(rule: AnyRule, words: Words, layer: str | None, place: Place) -> Diagnostic:
    return Diagnostic(
        code=rule.code,
        severity=rule.severity,
        message=clipped(words.message),
        layer=layer,
        place=words.place or place,
        help=clipped(words.help),
        keras=words.keras,
        related=tuple(replace(each, message=clipped(each.message)) for each in words.related),
        compared=words.compared,
    )
