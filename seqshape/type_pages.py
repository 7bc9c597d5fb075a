"""What a user is told of a type: Keras's page on it, a small spec that works, the names of its outputs.

Joins what the catalogue, the documentation and the samples say. Knows no terminal.
"""

from collections import Counter
from collections.abc import Iterable

from seqshape.engine.catalogue import Catalogue, Type, words_module
from seqshape.engine.documentation import Argument, Page
from seqshape.engine.sample_values import SETTLED
from seqshape.engine.samples import Found, Sample
from seqshape.engine.tensors import Output
from seqshape.frozen import frozen
from seqshape.tree import Json


@frozen
class TypePage:
    """A type as its page shows it. `found` is None where nobody asked for a sample."""

    type: Type
    page: Page
    found: Found | None = None

    @property
    def own(self) -> tuple[Argument, ...]:
        """The arguments of the type's own signature."""
        return self.page.arguments[: self.page.own]

    @property
    def inherited(self) -> tuple[Argument, ...]:
        """The arguments that other layers have too."""
        return self.page.arguments[self.page.own :]

    @property
    def sample(self) -> Sample | None:
        """The small spec that works."""
        return self.found if isinstance(self.found, Sample) else None

    @property
    def needed(self) -> frozenset[str]:
        """Arguments that may be null by the signature, and without which the small spec does not work."""
        given = () if self.sample is None else self.sample.arguments
        settled = {name for names in SETTLED for name in names}
        return frozenset(
            argument.name
            for argument in self.own
            if argument.name in given
            and argument.name not in settled
            and not argument.required
            and argument.told
            and argument.default is None
        )


@frozen
class Group:
    """Types that Keras keeps in one folder, by the name of that folder."""

    name: str
    pages: tuple[TypePage, ...]


def all_pages(
    catalogue: Catalogue, pages: dict[str, Page], registered: dict[str, tuple[Type, Page]]
) -> dict[str, TypePage]:
    """Every type by its name; those that are no class of Keras's have a page without words."""
    known = {name: (type_, pages.get(name)) for name, type_ in catalogue.types.items()}
    known.update(registered)
    return {
        name: TypePage(type_, page or Page(name, "core", "", (), ()))
        for name, (type_, page) in known.items()
    }


def grouped(pages: Iterable[TypePage]) -> tuple[Group, ...]:
    """The groups in the order of their names, functions last; a type that has several names stands once.

    What cannot be made from data is a group of its own, at the end.
    """
    groups: dict[str, list[TypePage]] = {}
    given = list(pages)
    names = {each.page.name for each in given}
    for each in given:
        if each.page.primary in names - {each.page.name}:
            continue
        groups.setdefault("refused" if each.type.needs_code else each.page.group, []).append(each)

    def place(name: str) -> tuple[bool, bool, bool, str]:
        return name == "refused", name.startswith("ops."), name in ("applications", "registered"), name

    return tuple(Group(name, tuple(groups[name])) for name in sorted(groups, key=place))


@frozen
class WordPage:
    """A word that is no type, and stands in arguments: `relu`, `glorot_uniform`, `float32`.

    `module` is the module of Keras that it is from, `type` the class that takes arguments of its own, empty
    where there is none, and `settings` those; `arguments` are the names where it may stand, the most usual
    first, and `others` the words that may stand there as well.
    """

    word: str
    module: str
    type: str
    settings: tuple[str, ...]
    arguments: tuple[str, ...]
    others: tuple[str, ...]


def word_page(word: str, catalogue: Catalogue) -> WordPage | None:
    """What a word is in the value of an argument, whatever its letters' case; None where it is nothing."""

    def same(other: str) -> bool:
        return other.replace("_", "").lower() == word.replace("_", "").lower()

    for module in catalogue.words:
        words, family = catalogue.words[module], catalogue.families.get(module, {})
        found = next(filter(same, words), None)
        type_ = next(filter(same, family), "")
        if found or type_:
            settings = family[type_].constructor.names() if type_ else ()
            usual = Counter(
                name
                for each in catalogue.types.values()
                for name in each.constructor.names()
                if words_module(name) == module
            )
            arguments = tuple(name for name, _ in usual.most_common())
            return WordPage(found or type_, module, type_, settings, arguments, words)
    return None


def meant(word: str, names: Iterable[str]) -> str | None:
    """The name that a word is, whatever its letters' case, with Keras's modules before it or without."""
    bare = word.lower().removeprefix("keras.").removeprefix("layers.")
    return next((name for name in names if name.lower() == bare), None)


def containing(word: str, names: Iterable[str]) -> tuple[str, ...]:
    """The names that contain a word, whatever the case of its letters."""
    return tuple(name for name in names if word.lower() in name.lower())


def data(each: TypePage) -> dict[str, Json]:
    """A type's page as JSON has it; what comes out only where a sample was asked for."""
    found: dict[str, Json] = {
        "name": each.page.name,
        "group": each.page.group,
        "summary": each.page.summary,
        "aliases": list(each.page.aliases),
        "refused": each.type.needs_code or None,
        "help": each.type.remedy or None,
    }
    if each.found is None:
        return found
    sample = each.sample
    return {
        **found,
        "arguments": [_argument(argument) for argument in each.page.arguments],
        "call": [_argument(argument) for argument in each.page.call],
        "spec": None if sample is None else {"layers": list(sample.layers())},
        "outputs": None if sample is None else _outputs(sample.outputs),
        "variants": [
            {"flag": variant.flag, "outputs": _outputs(variant.outputs)}
            for variant in (() if sample is None else sample.variants)
        ],
    }


def _argument(argument: Argument) -> dict[str, Json]:
    found: dict[str, Json] = {"name": argument.name, "required": argument.required}
    if argument.told:
        found["default"] = argument.default
    return {**found, "about": argument.about, "choices": [*argument.choices]}


def _outputs(items: tuple[Output, ...]) -> list[Json]:
    return [
        {"name": item.name, "shape": list(item.tensor.shape), "dtype": item.tensor.dtype} for item in items
    ]
