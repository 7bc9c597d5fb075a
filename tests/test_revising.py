"""A spec's words changed in its text: what it says then, and what stands as it stood."""

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seqshape import source, yaml_reader
from seqshape.edits import applied
from seqshape.limits import Limits
from seqshape.places import Place
from seqshape.revising import CannotRevise, revised
from seqshape.revisions import DropValue, Insert, Remove, Revision, SetTop, SetValue, Wrap
from seqshape.tree import Mapping, Sequence, plain

Entry = dict[str, Any]
Make = Callable[[list[Place]], Revision]


def read(text: str) -> tuple[source.Source, Mapping]:
    """A text and its tree; it must be read without a fault."""
    lines = source.from_text("spec.yaml", text)
    document, faults = yaml_reader.read(lines, Limits())
    assert not faults, faults
    assert isinstance(document.root, Mapping)
    return lines, document.root


def after(text: str, *makes: Make) -> str:
    """The text after changes, each made of the places of the entries."""
    lines, root = read(text)
    layers = root.get("layers")
    assert isinstance(layers, Sequence)
    places = [item.place for item in layers.items]
    return applied(lines, revised(lines, root, [make(places) for make in makes]))


def put(number: int, *path: str | int, to: Any) -> Make:
    return lambda places: SetValue(places[number], path, to)


def drop(number: int, *path: str | int) -> Make:
    return lambda places: DropValue(places[number], path)


def insert(number: int, **entry: Any) -> Make:
    return lambda places: Insert(places[number], entry)


def remove(number: int) -> Make:
    return lambda places: Remove(places[number])


def wrap(number: int, type_name: str = "TimeDistributed", argument: str = "layer") -> Make:
    return lambda places: Wrap(places[number], type_name, argument)


def top(*path: str, to: Any) -> Make:
    return lambda _: SetTop(path, to)


def layers(*lines: str) -> str:
    return "\n".join(("layers:", *lines, ""))


@pytest.mark.parametrize(
    ("before", "make", "then"),
    [
        ("- {name: g, type: GRU, units: 16}", put(0, "units", to=32), "- {name: g, type: GRU, units: 32}"),
        (
            "- {name: g, type: GRU, units: 16}  # memory",
            put(0, "return_sequences", to=True),
            "- {name: g, type: GRU, units: 16, return_sequences: true}  # memory",
        ),
        ("- {type: GRU, units: 4}", put(0, "inputs", to="x"), "- {type: GRU, inputs: x, units: 4}"),
        ("- {type: GRU, units: 4,}", put(0, "a", to=1), "- {type: GRU, units: 4, a: 1,}"),
        ("- { type: GRU }", put(0, "a", to=1), "- { type: GRU, a: 1 }"),
        ("- {type: GRU, call: {}}", put(0, "call", "mask", to=None), "- {type: GRU, call: {mask: null}}"),
        ("- {type: GRU, units: }", put(0, "units", to=3), "- {type: GRU, units: 3 }"),
        ("- {type: GRU, units}", put(0, "units", to=3), "- {type: GRU, units: 3}"),
        ('- {"type": "GRU", "a": 1}', put(0, "b", to="H"), '- {"type": "GRU", "a": 1, "b": "H"}'),
        ("- {'type': 'GRU', 'a': 1}", put(0, "b", to="it's"), "- {'type': 'GRU', 'a': 1, 'b': 'it''s'}"),
        ("- {type: GRU, units: &u 16}", put(0, "units", to=3), "- {type: GRU, units: &u 3}"),
        ("- {type: GRU, units: !!str 16}", put(0, "units", to=3), "- {type: GRU, units: 3}"),
        ("- {type: Add, inputs: [a, b]}", put(0, "inputs", to=["a", "c"]), "- {type: Add, inputs: [a, c]}"),
        ("- {type: Add, inputs: [a, b]}", put(0, "inputs", to=["b"]), "- {type: Add, inputs: [b]}"),
        (
            "- {type: Add, inputs: [a,  b]}",
            put(0, "inputs", to=["a", "b", "c"]),
            "- {type: Add, inputs: [a,  b, c]}",
        ),
        ("- {type: Add, axis: 1, k: 2}", drop(0, "axis"), "- {type: Add, k: 2}"),
        ("- {type: Add, axis: 1}", drop(0, "axis"), "- {type: Add}"),
        ("- {type: Add, axis: 1,}", drop(0, "axis"), "- {type: Add,}"),
        (
            "- {name: d, type: Dense, units: 4, inputs: x}",
            wrap(0),
            "- {name: d, type: TimeDistributed, layer: {type: Dense, units: 4}, inputs: x}",
        ),
        (
            "- {units: 0x4, name: d, type: Dense, x-mine: 1, use_bias: True}",
            wrap(0),
            "- {name: d, type: TimeDistributed, layer: {type: Dense, units: 0x4, use_bias: True}, x-mine: 1}",
        ),
    ],
)  # fmt: skip
def test_an_entry_in_braces(before: str, make: Make, then: str) -> None:
    assert after(layers(before), make) == layers(then)


@pytest.mark.parametrize(
    ("before", "make", "then"),
    [
        (
            ["  - name: g", "    type: GRU  # cell", "    # the last", ""],
            put(0, "units", to=4),
            ["  - name: g", "    type: GRU  # cell", "    units: 4", "    # the last", ""],
        ),
        (
            ["  - name: a", "    type: Add", "    inputs:  # both", "      - x  # one", "      - y"],
            put(0, "inputs", to=["x", "z", "w"]),
            ["  - name: a", "    type: Add", "    inputs:  # both", "      - x  # one", "      - z", "      - w"],
        ),
        (
            ["  - type: Add", "    inputs:", "      - x", "      - y"],
            put(0, "inputs", to="x"),
            ["  - type: Add", "    inputs: x"],
        ),
        (
            ["  - name: g  # a name", "    type: GRU"],
            drop(0, "name"),
            ["  - type: GRU"],
        ),
        (
            ["  - name: g", "    # which", "    type: GRU"],
            drop(0, "name"),
            ["  -", "    # which", "    type: GRU"],
        ),
        (
            ["  - type: GRU", "    call:", "      mask: true"],
            drop(0, "call", "mask"),
            ["  - type: GRU", "    call: {}"],
        ),
        (
            ["- ? type", "  : GRU", "  name: |", "    g", "  # end"],
            put(0, "units", to="2*H"),
            ["- ? type", "  : GRU", "  name: |", "    g", "  units: 2*H", "  # end"],
        ),
        (
            ["-   name: d", "    type: Dense # what", "    inputs: x", "    units: 4  # size", "    use_bias: no"],
            wrap(0),
            [
                "-   name: d",
                "    type: TimeDistributed",
                "    layer:",
                "        type: Dense # what",
                "        units: 4  # size",
                "        use_bias: no",
                "    inputs: x",
            ],
        ),
        (
            ["  - name: a", "    type: A", "    # of a", "", "  # of b", "  - {name: b, type: B}"],
            insert(1, name="n", type="Flatten"),
            ["  - name: a", "    type: A", "    # of a", "", "  - {name: n, type: Flatten}", "  # of b", "  - {name: b, type: B}"],
        ),
        (
            ["  - name: a", "    type: A", "    # of a", "  -   name: b", "      type: B"],
            insert(1, name="n", target_shape=[2, None], layer={"type": "X"}),
            ["  - name: a", "    type: A", "    # of a", "  -   name: n", "      target_shape: [2, null]", "      layer: {type: X}", "  -   name: b", "      type: B"],
        ),
        (
            ["-", "  name: a", "  type: A"],
            insert(0, name="n", type="F"),
            ["-", "  name: n", "  type: F", "-", "  name: a", "  type: A"],
        ),
        (
            ["- {type: A}", "# of b", "- type: B", "  units: 3  # three", "# of c", "- {type: C}"],
            remove(1),
            ["- {type: A}", "# of b", "# of c", "- {type: C}"],
        ),
    ],
)  # fmt: skip
def test_an_entry_in_lines(before: list[str], make: Make, then: list[str]) -> None:
    assert after(layers(*before), make) == layers(*then)


def test_braces_over_several_lines_keep_their_comments() -> None:
    before = layers("- {", "    type: GRU,  # cell", "    units: 4  # size", "  }")
    assert after(before, put(0, "a", to=1)) == layers(
        "- {", "    type: GRU,  # cell", "    units: 4,  # size", "    a: 1", "  }"
    )
    assert after(before, drop(0, "units")) == layers("- {", "    type: GRU  # cell", "  }")


def test_changes_of_one_entry_are_made_one_after_the_other() -> None:
    before = layers("- {name: x, type: Input}", "- {name: d, type: Dense, units: 4}")
    changed = after(
        before,
        insert(1, type="A"),
        wrap(1),
        insert(1, type="B"),
        put(1, "name", to="e"),
        put(1, "layer", "units", to=8),
        remove(0),
        put(1, "inputs", to=["x"]),
    )
    assert changed == layers(
        "- {type: A}",
        "- {type: B}",
        "- {name: e, type: TimeDistributed, inputs: [x], layer: {type: Dense, units: 8}}",
    )


def test_an_entry_inside_a_layer_that_is_wrapped_is_found_there() -> None:
    before = layers("- {type: T, layer: {layers: [{type: Dense, units: 4}]}}")
    lines, root = read(before)
    place = root.get("layers").items[0].get("layer").get("layers").items[0].place  # type: ignore[union-attr]
    outer = root.get("layers").items[0].place  # type: ignore[union-attr]
    made = (
        Wrap(outer, "Bidirectional", "layer"),
        SetValue(place, ("units",), 8),
        Insert(place, {"type": "F"}),
    )
    assert applied(lines, revised(lines, root, made)) == layers(
        "- {type: Bidirectional, layer: {type: T, layer: {layers: [{type: F}, {type: Dense, units: 8}]}}}"
    )


def test_texts_over_several_lines_and_tabs_in_them_stay() -> None:
    before = "---\nlayers:\n- name: 'B\n    \tx'\n  type: \"A\\\n    dd\"\n  doc: |2\n     hello\n\n    there\n...\n"
    inside = 'type: "A\\\n      dd"\n    doc: |2\n       hello\n\n      there'
    assert (
        after(before, wrap(0))
        == before[: before.index("type")] + f"type: TimeDistributed\n  layer:\n    {inside}\n...\n"
    )


@pytest.mark.parametrize("indent", [None, 1, 2, "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_json_stays_json_in_its_own_style(indent: Any, ending: str) -> None:
    def written(*entries: Entry) -> str:
        text = json.dumps({"layers": entries}, indent=indent, ensure_ascii=False)
        return (text + "\n").replace("\n", ending)

    first, second = {"name": "x", "type": "Input"}, {"name": "é", "type": "Dense", "units": 4}
    before = written(first, second)
    assert after(before, put(1, "a", to="H")) == written(first, {**second, "a": "H"})
    assert after(before, drop(1, "units"), drop(0, "name")) == written(
        {"type": "Input"}, {"name": "é", "type": "Dense"}
    )
    assert after(before, remove(0)) == written(second)
    assert after(before, insert(1, type="F", n=None)) == written(first, {"type": "F", "n": None}, second)
    inner = {"type": "Dense", "units": 4}
    assert after(before, wrap(1, "T")) == written(first, {"name": "é", "type": "T", "layer": inner})


def test_compact_json_stays_compact() -> None:
    before = '{"layers":[{"type":"A","k":[1]}]}'
    changed = after(before, put(0, "k", to=[1, 2]), insert(0, type="F", n=1), put(0, "a", to=[1, 2]))
    assert changed == '{"layers":[{"type":"F","n":1},{"type":"A","k":[1,2],"a":[1,2]}]}'


def test_entries_in_brackets() -> None:
    before = "layers: [\n  # of a\n  {type: A}, # a\n  # of b\n  {type: B}, {type: C}\n]\n"
    assert after(before, insert(0, type="F"), insert(2, type="G"), remove(1)) == (
        "layers: [\n  {type: F},\n  # of a\n  {type: A}, # a\n  # of b\n  {type: G}, {type: C}\n]\n"
    )


def test_only_what_changes_is_in_the_edits() -> None:
    lines, root = read(layers("- {name: é, type: GRU, units: 16}"))
    place = root.get("layers").items[0].place  # type: ignore[union-attr]
    edits = revised(lines, root, [SetValue(place, ("units",), 8), SetValue(place, ("type",), "GRU")])
    column = "- {name: é, type: GRU, units: 16}".index("16") + 1
    assert [(edit.place, edit.text) for edit in edits] == [(Place(2, column, 2, column + 2), "8")]


def test_dims_are_changed_where_there_are_some() -> None:
    text = "dims: {T: 4, H: 2}  # sizes\nlayers:\n- {type: A}\n"
    assert after(text, top("dims", "T", to=None)) == text.replace("T: 4", "T: null")
    with pytest.raises(CannotRevise, match="no `dims`"):
        after(layers("- {type: A}"), top("dims", "T", to=3))


def test_a_key_of_its_own_goes_before_one_that_is_merged() -> None:
    text = "x-all: &all {units: 4, type: GRU}\nlayers:\n- {<<: *all, name: g}\n- &b {type: B}\n- {<<: *b, name: c}\n"
    assert after(text, put(0, "units", to=8)) == text.replace("name: g", "name: g, units: 8")


@pytest.mark.parametrize(
    ("entries", "make"),
    [
        (["- &a {type: GRU, units: 4}", "- *a"], put(0, "units", to=8)),
        (["- &a {type: GRU, units: 4}", "- *a"], put(1, "units", to=8)),
        (["- &a {type: GRU, units: 4}", "- *a"], insert(1, type="F")),
        (["- {<<: {units: 4}, type: GRU}"], drop(0, "units")),
        (["- {<<: {units: 4}, type: GRU}"], wrap(0)),
        (["- {type: GRU, units: &u 4}", "- {type: GRU, units: *u}"], put(0, "units", to=8)),
        (["- {type: T, layer: &l {type: GRU}}", "- {type: T, layer: *l}"], put(1, "layer", "units", to=8)),
        (["- {type: T, layer: &l {type: GRU}}", "- {type: T, layer: *l}"], put(0, "layer", "units", to=8)),
        (["- {type: GRU}"], drop(0, "units")),
        (["- {type: GRU}"], put(0, "layer", "units", to=8)),
        (["- [type: GRU]"], put(0, 0, "units", to=8)),
        (["- {name: a, reuse: b}"], wrap(0)),
        (["- type: GRU", "  name: |+", "    g", "", ""], put(0, "units", to=8)),
    ],
)
def test_what_an_alias_repeats_or_what_is_not_there_is_refused(entries: list[str], make: Make) -> None:
    with pytest.raises((CannotRevise, AttributeError)) as refused:
        after(layers(*entries), make)
    assert refused.type is CannotRevise


def test_an_alias_itself_gives_way_to_a_value() -> None:
    text = layers("- {type: GRU, units: &u 4}", "- {type: GRU, units: *u}")
    assert after(text, put(1, "units", to=8)) == text.replace("*u", "8")


def test_an_entry_that_is_gone_is_not_changed() -> None:
    with pytest.raises(CannotRevise, match="gone"):
        after(layers("- {type: A}", "- {type: B}"), remove(0), put(0, "a", to=1))


ODD = ("H", "2*H", "T//2", "{", "#", "a: b", "a #b", "yes", "no", "16", "1e3", "null", "~", "", " x", "é 🎉",
       "a\nb", "a\tb", "-", "- a", "?", "*a", "&a", "!t", "'", '"', "it's", "[a]", ",", "a,b", "@a", "`", "%", "|",
       "\u3000", "\u200b", "<<", "...", "---", "中文", "a\\b", "x" * 200)  # fmt: skip


@pytest.mark.parametrize("text", ODD)
@pytest.mark.parametrize(
    "style",
    ["- {name: a, k: 1}", "- name: a\n  k: 1", '- {"name": "a", "k": 1}', "- {'name': 'a', 'k': 1}"],
)
def test_any_text_is_read_back(text: str, style: str) -> None:
    changed = after(
        layers(style), put(0, "k", to=text), put(0, "new", to=[text]), put(0, "in", to={"deep": text})
    )
    assert plain(read(changed)[1])["layers"] == [  # type: ignore[call-overload, index]
        {"name": "a", "k": text, "new": [text], "in": {"deep": text}}
    ]


# Specs in every style, with comments that say what they stand at.

SCALARS = st.one_of(
    st.sampled_from(ODD),
    st.integers(-5, 10**12),
    st.booleans(),
    st.none(),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
)
VALUES = st.one_of(
    SCALARS,
    st.lists(SCALARS, max_size=3),
    st.dictionaries(st.sampled_from(("p", "q", "type")), SCALARS, min_size=1, max_size=2),
)
KEYS = ("name", "units", "inputs", "axis", "use bias", "x-own", "call")
ENTRIES = st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=5).flatmap(
    lambda more: st.permutations([*more.items(), ("type", "GRU")]).map(dict)
)


def quoted(value: Any) -> str:
    """A value as JSON, which YAML is too; what JSON would escape in halves stands as it is."""
    return json.dumps(value, ensure_ascii=False)


@dataclass
class Written:
    """A spec's text; `comments` holds, by entry, those inside of it by key, `outside` all others."""

    text: str
    data: dict[str, Any]
    chunks: list[str] = field(default_factory=list)
    comments: list[dict[str, str]] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)


@st.composite
def specs(draw: Callable[..., Any]) -> Written:
    """A spec, its text and its comments."""
    entries = draw(st.lists(ENTRIES, min_size=1, max_size=4))
    data = {"dims": {"T": 3, "H": 2}, "layers": entries}
    if draw(st.integers(0, 3)) == 0:
        options = draw(st.sampled_from(({}, {"indent": 2}, {"indent": "\t"}, {"separators": (",", ":")})))
        return Written(json.dumps(data, **options), data, comments=[{} for _ in entries])
    written = Written("", data)
    indent = draw(st.sampled_from(("", "  ", "   ")))
    lines = ["dims: {T: 3, H: 2}  # dims", "# list", "layers:  # layers"]
    written.outside += ["# dims", "# list", "# layers"]
    if draw(st.booleans()):
        lines.insert(0, "--- # start")
    for number, entry in enumerate(entries):
        if draw(st.booleans()):
            lines.append("")
        if draw(st.booleans()):
            lines.append(f"{indent}# above {number}.")
            written.outside.append(f"# above {number}.")
        chunk, comments = draw(entry_lines(entry, number, indent))
        lines += chunk
        written.chunks.append("\n".join(chunk))
        written.comments.append(comments)
    ending = draw(st.sampled_from(("\n", "\r\n", "\r")))
    lines += draw(st.sampled_from(([], [""], ["", "# end"], ["outputs: [a]"])))
    if lines[-1].startswith("outputs"):
        data["outputs"] = ["a"]
    written.text = ending.join(lines)
    written.chunks = [chunk.replace("\n", ending) for chunk in written.chunks]
    return written


@st.composite
def entry_lines(
    draw: Callable[..., Any], entry: Entry, number: int, indent: str
) -> tuple[list[str], dict[str, str]]:
    """An entry's lines and the comments in them, by key; that at the key `` is about the entry."""
    gap = draw(st.sampled_from((" ", "   ")))
    style = draw(st.sampled_from(("braces", "lines", "wide braces", "dash alone")))
    plain_keys = draw(st.booleans())
    pairs = [f"{key if plain_keys else quoted(key)}: {quoted(value)}" for key, value in entry.items()]
    if style == "braces":
        comment = f"  # entry {number}." if draw(st.booleans()) else ""
        trailing = draw(st.sampled_from(("", ",", " ", " , ")))
        return [f"{indent}-{gap}{{{', '.join(pairs)}{trailing}}}{comment}"], (
            {"": comment.strip()} if comment else {}
        )
    commented = [draw(st.booleans()) for _ in pairs]
    names = [f"# {key} of {number}, here." for key in entry]
    comments = {key: name for key, name, has in zip(entry, names, commented, strict=True) if has}
    ends = [f"  {name}" if has else "" for name, has in zip(names, commented, strict=True)]
    inner = indent + " " + " " * len(gap)
    if style == "wide braces":
        last = draw(st.sampled_from(("", ",")))
        commas = [","] * (len(pairs) - 1) + [last]
        body = [
            f"{inner}  {pair}{comma}{end}" for pair, comma, end in zip(pairs, commas, ends, strict=True)
        ]
        return [f"{indent}-{gap}{{", *body, f"{inner}}}"], comments
    body = []
    for (key, value), pair, end in zip(entry.items(), pairs, ends, strict=True):
        if isinstance(value, list) and value and draw(st.booleans()):
            body += [f"{inner}{key}:{end}", *(f"{inner}  - {quoted(item)}" for item in value)]
            comments.pop(key, None)  # a value that takes its place may stand on that line
        elif isinstance(value, dict) and draw(st.booleans()):
            body += [
                f"{inner}{key}:{end}",
                *(f"{inner} {word}: {quoted(item)}" for word, item in value.items()),
            ]
            comments.pop(key, None)
        else:
            body.append(f"{inner}{pair}{end}")
    if style == "dash alone":
        return [f"{indent}-{gap.rstrip()}", *body], comments
    return [f"{indent}-{gap}{body[0].removeprefix(inner)}", *body[1:]], comments


@st.composite
def changes(draw: Callable[..., Any], spec: Written) -> list[tuple[str, int, Any, Any]]:
    """Some changes of a spec: what, of which entry, which key, which value."""
    kinds = st.sampled_from(("set", "set", "drop", "insert", "remove", "wrap", "dims", "deep", "deep drop"))
    numbers = st.integers(0, len(spec.data["layers"]) - 1)
    keys = st.sampled_from((*KEYS, "new", "type"))
    return draw(st.lists(st.tuples(kinds, numbers, keys, VALUES), min_size=1, max_size=3))


OWN = ("name", "inputs", "call", "reuse", "expect", "ignore")


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_the_new_text_says_what_was_asked_for_and_keeps_the_rest(data: st.DataObject) -> None:
    spec = data.draw(specs())
    wanted = copy.deepcopy(spec.data)
    entries: list[Entry] = list(wanted["layers"])
    makes: list[Make] = []
    touched: dict[int, set[str]] = {}
    removed: set[int] = set()
    for kind, number, key, value in data.draw(changes(spec)):
        entry = entries[number]
        at = next((n for n, each in enumerate(wanted["layers"]) if each is entry), None)
        if at is None or (kind == "remove" and len(wanted["layers"]) == 1):
            continue
        if kind == "insert":
            new = {"name": "new", "type": "Flatten", key: value}
            makes.append(insert(number, **copy.deepcopy(new)))
            wanted["layers"].insert(at, new)
        elif kind == "remove":
            makes.append(remove(number))
            del wanted["layers"][at]
            removed.add(number)
        elif kind == "set":
            makes.append(put(number, key, to=copy.deepcopy(value)))
            entry[key] = value
            touched.setdefault(number, set())
        elif kind == "drop" and key in entry and len(entry) > 1:
            makes.append(drop(number, key))
            del entry[key]
            touched.setdefault(number, set()).add(key)
        elif kind == "deep" and isinstance(entry.get(key), dict):
            makes.append(put(number, key, "p", to=copy.deepcopy(value)))
            entry[key]["p"] = value
            touched.setdefault(number, set())
        elif kind == "deep drop" and isinstance(entry.get(key), dict) and "q" in entry[key]:
            makes.append(drop(number, key, "q"))
            del entry[key]["q"]
            touched.setdefault(number, set())
        elif kind == "wrap" and "type" in entry:
            inner = {word: entry.pop(word) for word in list(entry) if word not in OWN and word[:2] != "x-"}
            entry |= {"type": "Outer", "layer": inner}
            makes.append(wrap(number, "Outer"))
            touched.setdefault(number, set())
        elif kind == "dims":
            makes.append(top("dims", "T", to="H"))
            wanted["dims"]["T"] = "H"
    changed = after(spec.text, *makes)
    assert json.dumps(plain(read(changed)[1]), sort_keys=True) == json.dumps(wanted, sort_keys=True)
    for comment in spec.outside:
        assert comment in changed
    for number, comments in enumerate(spec.comments):
        if number not in removed:
            gone = touched.get(number, set())
            assert not [text for key, text in comments.items() if key not in gone and text not in changed]
    for number, chunk in enumerate(spec.chunks):
        assert number in removed or number in touched or chunk in changed


PIECES = st.sampled_from(
    ("type: A", "{type: A, k: 1}", "k: v", "- ", "  ", "\n", "\n  ", "\n    ", "{", "}", "[", "]", ", ", "? ", ": ",
     "&a ", "*a", "<<: *a", "!!map ", "!!str ", "!", "# c", "|\n", "|+\n", ">-\n", "'q'", '"q"', "\t", "\r\n", "...", "---", "x",
     "\u2028", "\u0085", "é", ",", "k", "''", "\\")
)  # fmt: skip


@settings(max_examples=600, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(PIECES, max_size=9), st.lists(PIECES, max_size=5), st.data())
def test_a_text_as_odd_as_can_be_is_changed_as_asked_or_not_at_all(
    inside: list[str], behind: list[str], data: st.DataObject
) -> None:
    form = data.draw(
        st.sampled_from(
            (
                "layers:\n- {{type: B, {}}}\n{}",
                "layers:\n  - type: B\n    {}\n  - {}",
                "layers: [{{type: B}}, {}]{}",
            )
        )
    )
    lines = source.from_text("", form.format("".join(inside), "".join(behind)))
    document, faults = yaml_reader.read(lines, Limits())
    found = document.root.get("layers") if isinstance(document.root, Mapping) else None
    entries = [item for item in getattr(found, "items", ()) if isinstance(item, Mapping)]
    if faults or not entries:
        return
    place = data.draw(st.sampled_from(entries)).place
    asked: list[Revision] = data.draw(
        st.lists(
            st.sampled_from(
                (
                    SetValue(place, ("k",), ["x"]),
                    SetValue(place, ("type",), "C"),
                    SetValue(place, ("k", "k"), {"a": None}),
                    DropValue(place, ("type",)),
                    DropValue(place, ("k",)),
                    Insert(place, {"type": "F", "k": "\n"}),
                    Remove(place),
                    Wrap(place, "T", "layer"),
                    SetTop(("layers",), []),
                    SetTop(("dims", "T"), 3),
                )
            ),
            min_size=1,
            max_size=2,
        )
    )
    assert isinstance(document.root, Mapping)
    try:
        edits = revised(lines, document.root, asked)
    except CannotRevise as refused:
        assert str(refused)
    else:
        assert yaml_reader.read(source.from_text("", applied(lines, edits)), Limits())[1] == ()
