"""Parts of a Python program as text: variables, functions, docstrings."""

import builtins
import itertools
import keyword
import re
from dataclasses import dataclass, field

from seqshape.convert._expressions import text_of
from seqshape.convert._program import Value

CHAIN = "x"
"""The variable of what only the next line reads."""
_WIDTH = 84
"""Columns of a line in a function."""
_LONGEST = 48
"""Characters of a variable; what makes its value then begins on the same line."""
MARK = "\0"
"""Stands round what is put in when all is written; no text of a spec has one that `repr` leaves."""
NAME = f"{MARK}name{MARK}"
RESERVED = frozenset(
    (CHAIN, "keras", "layers", "ops", "model", "number", "name", "_", *keyword.kwlist, *dir(builtins))
)


@dataclass(slots=True)
class Body:
    """The lines of a function, or of the whole program, and its variables by what they hold."""

    used: set[str]
    values: dict[Value, str] = field(default_factory=dict)
    layers: dict[int | str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)

    def unpack(self, variables: list[str], expression: str) -> None:
        """Adds the lines that put the outputs of a call into variables.

        Where these fill a line the outputs are held first: formatters do not agree on such a line else.
        """
        line = f"{', '.join(variables)} = {expression}"
        if len(variables) > 1 and line.find("(") + 1 > _WIDTH:
            first = next((each for each in variables if each != "_"), CHAIN)
            held = self.fresh(f"{first}_outputs")
            self.lines.append(f"{held} = {expression}")
            line = f"{', '.join(variables)} = {held}"
        self.lines.append(line)

    def fresh(self, *names: str) -> str:
        """A variable that is not used yet, as near to one of the names as can be."""
        plain = (re.sub(r"[^0-9A-Za-z_]+", "_", name).strip("_") for name in names)
        bases = [name[:_LONGEST].strip("_") or "layer" for name in plain]
        bases = [f"layer_{base}" if base[0].isdigit() else base for base in bases]
        numbered = (f"{bases[-1]}_{number}" for number in itertools.count(2))
        found = next(each for each in itertools.chain(bases, numbered) if each not in self.used)
        self.used.add(found)
        return found


def function(name: str, parameters: str, said: str, lines: str) -> str:
    """A function with its docstring."""
    indented = "\n".join(f"    {line}" for line in lines.split("\n"))
    return f"def {name}({parameters}):\n    {said}\n{indented}\n\n"


def docstring(text: str) -> str:
    """A docstring, without what would end it."""
    plain = re.sub(r"[^\w `.,:/>-]", "?", text, flags=re.ASCII)
    return f'"""{plain}"""'


def numbered_name(block: str, ending: str) -> str:
    """The name of a layer in a copy, as an f-string."""
    head, tail = (re.sub(r"([{}])", r"\1\1", text) for text in (f"{block}_", ending))
    return f"f{text_of(head + '{number}' + tail)}"


def imported(plugins: tuple[str, ...], custom: tuple[str, ...]) -> list[str]:
    """The lines that make layers known which are none of Keras's own."""
    if not custom:
        return []
    types = ", ".join(re.sub(r"[^\w >.-]", "?", name) for name in custom)
    modules = [name for name in plugins if all(map(is_plain, name.split(".")))]
    if not modules:
        return [f"\n# Import the module that registers {types} before this point."]
    *others, last = modules
    return ["", *(f"import {name}" for name in others), f"import {last}  # registers {types}"]


def is_plain(name: str) -> bool:
    """Whether a name can stand bare in a program."""
    return name.isidentifier() and not keyword.iskeyword(name)


def listed(variables: list[str]) -> str:
    """One variable alone, several in a list."""
    return variables[0] if len(variables) == 1 else f"[{', '.join(variables)}]"
