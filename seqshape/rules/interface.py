"""What a rule is. A rule's file makes one `RULE` of these; its docstring is the user's page on it."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeAlias, TypeVar

from seqshape.faults import Fault
from seqshape.frozen import frozen
from seqshape.places import Place
from seqshape.report import Comparison, Related

if TYPE_CHECKING:  # what is judged by its words alone needs no model
    from seqshape.model import Model

Severity: TypeAlias = Literal["error", "warning", "note"]
F = TypeVar("F", bound=Fault)


@frozen
class Words:
    """How a finding is said: the fact first, then in `help` what to do.

    `keras` is Keras's own message; `compared` are shapes to stand under one another; `place` replaces
    the fault's own place.
    """

    message: str
    help: str = ""
    keras: str = ""
    related: tuple[Related, ...] = ()
    place: Place | None = None
    compared: Comparison | None = None


@frozen
class Finding:
    """What a rule that judges the whole model found: the row, by its number, and how it is said."""

    row: int
    words: Words


@frozen
class Rule(Generic[F]):
    """Judges one kind of fault. `words` gives None for a fault that is another rule's to name.

    Where several rules judge the same kind, the first one in the order of codes that has words
    for a fault names it. `finds`, where a rule has it, looks for more in the model that was built.
    """

    code: str
    severity: Severity
    judges: type[F]
    words: Callable[[F], Words | None]
    finds: "Callable[[Model], Iterator[Finding]] | None" = None


@frozen
class ModelRule:
    """Judges a whole model: what builds, and is very likely not what was meant."""

    code: str
    severity: Severity
    finds: "Callable[[Model], Iterator[Finding]]"


AnyRule: TypeAlias = Rule[Any] | ModelRule
