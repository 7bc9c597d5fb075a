"""Every code is a file here: its severity, its words, its explanation with a bad and a good spec.

Faults come in, diagnostics go out. A new file is a new rule; nothing else lists them.
"""

import importlib
import pkgutil
from collections.abc import Iterable
from functools import cache

from seqshape.faults import Fault, LayerFault
from seqshape.report import Diagnostic
from seqshape.rules.interface import AnyRule


@cache
def all_rules() -> tuple[AnyRule, ...]:
    """All rules in the order of their codes."""
    names = sorted(info.name for info in pkgutil.iter_modules(__path__) if info.name.startswith("seq"))
    return tuple(importlib.import_module(f"{__name__}.{name}").RULE for name in names)


def find(code: str) -> AnyRule | None:
    """The rule of a code; None where there is none."""
    return next((rule for rule in all_rules() if rule.code == code), None)


def codes() -> tuple[str, ...]:
    """All codes, from the names of the files alone."""
    names = (info.name for info in pkgutil.iter_modules(__path__))
    return tuple(sorted(name[:6].upper() for name in names if name.startswith("seq")))


def judge(faults: Iterable[Fault]) -> tuple[Diagnostic, ...]:
    """Each fault in the words of its rule, once, in the order of their places."""
    diagnostics = {(item.code, item.place, item.message): item for item in map(_judge, faults)}.values()
    return tuple(sorted(diagnostics, key=lambda item: (item.place.line, item.place.column, item.code)))


def _judge(fault: Fault) -> Diagnostic:
    for rule in all_rules():
        if rule.judges is type(fault) and (words := rule.words(fault)) is not None:
            return Diagnostic(
                code=rule.code,
                severity=rule.severity,
                message=words.message,
                layer=(fault.layer or None) if isinstance(fault, LayerFault) else None,
                place=words.place or fault.place,
                help=words.help,
                keras=words.keras,
                related=words.related,
            )
    raise LookupError(f"no rule judges {type(fault).__name__}")
