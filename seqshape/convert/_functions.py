"""The functions of a Python program: those that build models, and those that a loop calls for each copy.

Models of equal lines have one function, which takes their names; so what calls it is put in at the end.
"""

from dataclasses import dataclass, field

from seqshape.convert._expressions import text_of
from seqshape.convert._python_text import MARK, NAME, RESERVED, Body, docstring, function


@dataclass(slots=True)
class Functions:
    """The functions that were written, and the names that no variable may have."""

    written: list[str] = field(default_factory=list)
    _names: set[str] = field(default_factory=lambda: set(RESERVED))
    _bodies: list[Body] = field(default_factory=list)
    _builders: dict[str, tuple[str, list[str]]] = field(default_factory=dict)

    def body(self) -> Body:
        """A body without lines, whose variables hide no function."""
        found = Body(set(self._names))
        self._bodies.append(found)
        return found

    def name(self, *names: str) -> str:
        """A name for a function, as near to one of `names` as can be."""
        everywhere = Body(self._names.union(*(body.used for body in self._bodies)))
        found = everywhere.fresh(*names)
        for used in (self._names, *(body.used for body in self._bodies)):
            used.add(found)
        return found

    def add(self, name: str, parameters: str, said: str, lines: list[str]) -> None:
        """Adds a function that is written as it is."""
        self.written.append(function(name, parameters, docstring(said), "\n".join(lines)))

    def builder(self, name: str, model: str, lines: list[str]) -> str:
        """Adds the function that builds a model, unless one of equal lines is there; the call of it."""
        text = "\n".join(lines)
        if text not in self._builders:
            self._builders[text] = (name, [])
            self.written.append(f"{MARK}{name}{MARK}{text}")
        name, models = self._builders[text]
        models.append(model)
        return f"{MARK}{name}{MARK}{text_of(model)}{MARK}"

    def put_into(self, source: str) -> str:
        """The program with the functions that build models; one that makes several takes a name."""
        for lines, (name, called) in reversed(self._builders.items()):  # callers come first
            models = tuple(dict.fromkeys(called))
            many = len(models) > 1
            said = docstring(f"A model like `{models[0]}`." if many else f"The model `{models[0]}`.")
            body = lines.replace(NAME, "name" if many else text_of(models[0]))
            written = function(name, "name" if many else "", said, body)
            source = source.replace(f"{MARK}{name}{MARK}{lines}", written)
            for model in models:
                call = f"{name}({text_of(model) if many else ''})"
                source = source.replace(f"{MARK}{name}{MARK}{text_of(model)}{MARK}", call)
        return source
