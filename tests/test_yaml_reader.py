"""Text to a located tree: values, places, limits, faults; the same from libyaml and from pure Python."""

import json
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from seqshape.faults import (
    BadAlias,
    BadKey,
    DuplicateKey,
    Fault,
    ForeignTag,
    NotYaml,
    OverLimit,
    SecondDocument,
)
from seqshape.limits import Limits
from seqshape.places import Place
from seqshape.source import from_text
from seqshape.tree import Mapping, Scalar, Sequence, Value, plain
from seqshape.yaml_reader import LOADER, Document, read

LOADERS = [LOADER, yaml.SafeLoader]


def both(text: str, limits: Limits | None = None) -> tuple[Document, tuple[Fault, ...]]:
    """What libyaml's events give, after seeing that PyYAML's own give the same."""
    limits = limits or Limits()
    first, second = (read(from_text("x", text), limits, loader) for loader in LOADERS)
    assert first == second
    return first


def value(text: str) -> Any:
    document, faults = both(text)
    assert faults == ()
    assert document.root is not None
    return plain(document.root)


def test_libyaml_is_there() -> None:
    assert LOADER is not yaml.SafeLoader


def test_collections_scalars_and_styles() -> None:
    text = "a: [1, two, 'no', \"3\"]\nb:\n  - x: ~\n    y: |\n      text\nc: >-\n  folded\n  line\n"
    assert value(text) == {
        "a": [1, "two", "no", "3"],
        "b": [{"x": None, "y": "text\n"}],
        "c": "folded line",
    }


def places(node: Value) -> dict[str, Place]:
    """The place of every scalar by its text, and of the collections by their kind and first line."""
    found: dict[str, Place] = {}
    todo: list[Value] = [node]
    while todo:
        each = todo.pop()
        match each:
            case Scalar():
                found[each.text] = each.place
            case Sequence():
                found[f"list {each.place.line}"] = each.place
                todo.extend(each.items)
            case Mapping():
                found[f"mapping {each.place.line}"] = each.place
                todo.extend(item for pair in each.items for item in pair)
    return found


def test_places_count_from_one_and_blocks_end_with_their_last_child() -> None:
    document, _ = both("layers:\n  - type: GRU\n    units: 16\n\n# end\nname: x\n")
    assert document.root is not None
    found = places(document.root)
    assert found["GRU"] == Place(2, 11, 2, 14)
    assert found["units"] == Place(3, 5, 3, 10)
    assert found["mapping 2"] == Place(2, 5, 3, 14)
    assert found["list 2"] == Place(2, 3, 3, 14)
    assert found["mapping 1"] == Place(1, 1, 6, 8)


def test_flow_collections_end_with_their_bracket() -> None:
    document, _ = both("a: [1, {b: 2} ]\n")
    assert document.root is not None
    found = places(document.root)
    assert found["list 1"] == Place(1, 4, 1, 16)
    assert found["2"] == Place(1, 12, 1, 13)


@pytest.mark.parametrize("separator", ["\u0085", "\u2028", "\u2029"])
def test_places_after_a_separator_that_only_yaml_counts_as_a_line(separator: str) -> None:
    document, _ = both(f'a: "x{separator}y"\nb: 2\n')
    assert document.root is not None
    assert places(document.root)["2"] == Place(2, 4, 2, 5)


def test_places_behind_characters_of_several_bytes() -> None:
    document, _ = both('"üñ😀": 7\n')
    assert document.root is not None
    assert places(document.root)["7"] == Place(1, 8, 1, 9)


def test_anchors_repeat_a_value() -> None:
    assert value("a: &x {b: 1}\nc: *x\n") == {"a": {"b": 1}, "c": {"b": 1}}


def test_merge_keys_add_what_the_mapping_lacks() -> None:
    text = "a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc: {<<: [*a, *b], x: 3}\nd: {'<<': 1}\n"
    assert value(text)["c"] == {"x": 3, "y": 1, "z": 2}
    assert value(text)["d"] == {"<<": 1}


@pytest.mark.parametrize(
    ("text", "kind", "line", "column"),
    [
        ("a: 1\nb: 2\na: 3\n", DuplicateKey, 3, 1),
        ("a: !foo 1\n", ForeignTag, 1, 4),
        ("a: !!python/object:os.system {}\n", ForeignTag, 1, 4),
        ("a: !!int x\n", ForeignTag, 1, 4),
        ("a: !!set {b}\n", ForeignTag, 1, 4),
        ("a: *b\n", BadAlias, 1, 4),
        ("a: &a [1, *a]\n", BadAlias, 1, 11),
        ("a: 1\n--- \nb: 2\n", SecondDocument, 2, 1),
        ("a: {<<: 1}\n", BadKey, 1, 9),
        ("? [a]\n: 1\n", BadKey, 1, 3),
        ("? \n: 1\n", BadKey, 1, 2),
    ],
)
def test_faults_have_their_place_and_reading_goes_on(
    text: str, kind: type[Fault], line: int, column: int
) -> None:
    document, faults = both(text)
    assert [type(fault) for fault in faults] == [kind]
    assert (faults[0].place.line, faults[0].place.column) == (line, column)
    assert document.root is not None


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: [1, 2\nb: 3\n", 2),
        ("a: b: c\n", 1),
        ("a:\n\t- 1\n", 2),
        ('a: "b\n', 2),
        ("a: 'x' y\n", 1),
        ("%YAML 9.0\n---\n", 1),
    ],
)
def test_what_is_no_yaml_is_one_fault(text: str, line: int, loader: type) -> None:
    document, faults = read(from_text("x", text), Limits(), loader)
    assert [type(fault) for fault in faults] == [NotYaml]
    assert faults[0].place.line == line
    assert document.root is None


def test_a_tab_is_named() -> None:
    _, faults = read(from_text("x", "a:\n\t- 1\n"), Limits())
    assert isinstance(faults[0], NotYaml)
    assert faults[0].tab


def test_an_empty_file_has_no_root_and_no_fault() -> None:
    assert both("# nothing\n") == (Document(None, ((Place(1, 1, 1, 10), "# nothing"),)), ())


@pytest.mark.parametrize("depth", [101, 25_000, 200_000])
def test_deep_nesting_ends_in_a_fault(depth: int) -> None:
    _, faults = read(from_text("x", "[" * depth), Limits())
    assert [(type(fault), fault.limit) for fault in faults if isinstance(fault, OverLimit)] == [
        (OverLimit, "depth")
    ]


def test_the_deepest_nesting_allowed_is_read() -> None:
    assert both("[" * 100 + "]" * 100)[1] == ()


def test_aliases_count_as_what_they_stand_for() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    _, faults = both("\n".join(lines) + "\n")
    assert [fault.limit for fault in faults if isinstance(fault, OverLimit)] == ["nodes"]


def test_nodes_are_counted_exactly() -> None:
    text = "a: [1, 2, 3]\n"  # a mapping, a key, a list and three numbers
    assert both(text, Limits(nodes=6))[1] == ()
    assert [type(fault) for fault in both(text, Limits(nodes=5))[1]] == [OverLimit]


def test_comments_to_the_tool_are_told_from_others() -> None:
    text = "a: 1  # seqshape: ignore[SEQ301]\nb: '# seqshape: ignore[SEQ302]'\n# other\nc: |\n  # seqshape: x\n"
    document, _ = both(text)
    assert document.spoken == ((Place(1, 7, 1, 33), "# seqshape: ignore[SEQ301]"),)
    assert [said for _, said in document.comments] == ["# seqshape: ignore[SEQ301]", "# other"]
    assert document.asides == ("comments",)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False, width=32)
    | st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text("abcxyzäß_-", min_size=1, max_size=6), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(json_values)
def test_json_reads_as_itself(expected: Any) -> None:
    text = json.dumps(expected, ensure_ascii=False)
    document, faults = read(from_text("x", text), Limits())
    assert faults == ()
    found = None if document.root is None else plain(document.root)
    assert json.dumps(found, sort_keys=True) == json.dumps(expected, sort_keys=True)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=80))
def test_no_text_raises(text: str) -> None:
    from seqshape.source import decode

    source, fault = decode("x", text.encode(), 10_000)
    if fault is None:
        document, _ = read(source, Limits())
        assert document.root is None or document.root.place.line >= 1
