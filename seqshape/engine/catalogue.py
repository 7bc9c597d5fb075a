"""Which types the installed Keras has, and which arguments each takes: plain data.

Made once from Keras's own signatures (`describe`), kept in the user's cache folder
(`catalogue_store`), so that a misspelt word is answered without importing Keras.
"""

from dataclasses import field

from seqshape.frozen import frozen
from seqshape.tree import Json

FAMILIES = ("initializer", "regularizer", "constraint", "quantizer", "quantization", "dtype", "policy")
"""Words in the names of arguments whose mappings are no layers, each with a module of Keras."""

MODULES = {
    "initializer": "initializers",
    "regularizer": "regularizers",
    "constraint": "constraints",
    "quantizer": "quantizers",
    "quantization": "quantizers",
    "dtype": "dtype_policies",
    "policy": "dtype_policies",
}

ACTIVATIONS = "activations"
"""The module of Keras for arguments such as `recurrent_activation`: it has functions, and no classes."""
_LAYERS = ("layer", "cell", "layers", "cells")
"""Last words in the names of arguments that take a layer, or a list of them."""


@frozen
class Parameter:
    """A parameter of a constructor or a call.

    A hidden one is taken but stands in no signature; a flag is true or false by default.
    """

    name: str
    required: bool
    hidden: bool = False
    flag: bool = False


@frozen
class Signature:
    """Parameters in order.

    `open` says that any other name is taken too, `many` that any number of tensors is (`*operands`).
    """

    parameters: tuple[Parameter, ...]
    open: bool
    many: bool = False
    _names: list["_Names"] = field(default_factory=list, init=False, repr=False, compare=False)
    """Made when they are first asked for: of some hundred types a spec has few, and has those often."""

    def takes(self, name: str) -> bool:
        """Whether `name` can be given."""
        return self.open or name in self._known().taken

    def names(self) -> tuple[str, ...]:
        """The names in the signature, for a user to choose from."""
        return self._known().shown

    def flag(self, name: str) -> bool:
        """Whether `name` is true or false by default."""
        return name in self._known().flags

    def required(self) -> tuple[str, ...]:
        """The names that must be given."""
        return self._known().required

    def _known(self) -> "_Names":
        if not self._names:
            self._names.append(_names(self.parameters))
        return self._names[0]


@frozen
class _Names:
    """The names of parameters, by what is asked of them."""

    taken: frozenset[str]
    shown: tuple[str, ...]
    flags: frozenset[str]
    required: tuple[str, ...]


def _names(parameters: tuple[Parameter, ...]) -> _Names:
    return _Names(
        frozenset(each.name for each in parameters),
        tuple(each.name for each in parameters if not each.hidden),
        frozenset(each.name for each in parameters if each.flag),
        tuple(each.name for each in parameters if each.required),
    )


@frozen
class Type:
    """A type of a spec.

    `needs_code` says why it cannot be made from data, empty where it can, and `remedy` what to do then.
    """

    name: str
    constructor: Signature
    call: Signature
    needs_code: str = ""
    remedy: str = ""


@frozen
class Function:
    """The function that makes operations of a class; `several` where its outputs may be several."""

    name: str
    several: bool


@frozen
class Catalogue:
    """The types of the installed Keras, and by family what else a mapping with `type` can be.

    `aliases` gives the types for other names of the same functions (`ops.nn.relu`: `ops.relu`).
    For files that Keras saved: `operations` gives the function behind each class of operations, by the
    class's whole name, `usual` the values that arguments have where nobody gives them, and `class_names`
    the public names of layers whose classes have others. `words` gives by module of Keras the words that
    stand for its objects (`activations`: `relu`).
    """

    keras: str
    tensorflow: str
    types: dict[str, Type]
    families: dict[str, dict[str, Type]]
    aliases: dict[str, str] = field(default_factory=dict)
    operations: dict[str, Function] = field(default_factory=dict)
    usual: dict[str, tuple[Json, ...]] = field(default_factory=dict)
    class_names: dict[str, str] = field(default_factory=dict)
    words: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def find(self, name: str, argument: str | None) -> Type | None:
        """The type `name`, as an entry (`argument` None) or as the value of an argument."""
        table = self._table(argument)
        return table.get(name) or table.get(self.aliases.get(name, ""))

    def takes(self, name: str, argument: str) -> bool:
        """Whether an entry of the type `name` can be given an argument; so can one of an unknown type."""
        found = self.find(name, None)
        return found is None or found.constructor.takes(argument)

    def names(self, argument: str | None) -> tuple[str, ...]:
        """The types that could stand there."""
        return tuple(self._table(argument))

    def words_for(self, argument: str) -> tuple[str, ...]:
        """The words that Keras has for the value of an argument, by the argument's name; often none."""
        return self.words.get(words_module(argument) or "", ())

    def _table(self, argument: str | None) -> dict[str, Type]:
        module = module_of(argument) if argument is not None else None
        return self.types if module is None else self.families.get(module, {})


def module_of(argument: str) -> str | None:
    """The module of Keras whose classes an argument takes, by its name; None for layers."""
    return next((MODULES[word] for word in FAMILIES if word in argument), None)


def words_module(argument: str) -> str | None:
    """The module of Keras whose objects an argument takes by a word, by the argument's name."""
    return ACTIVATIONS if "activation" in argument else module_of(argument)


def takes_layer(argument: str) -> bool:
    """Whether an argument takes a layer, or a list of them, by its name."""
    return argument.rpartition("_")[2] in _LAYERS
