"""Entries aligned: by name where a person gave one, else as a diff aligns lines."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqshape.comparison.aligning import Member, _shortest, aligned


def members(text: str) -> list[Member]:
    """A letter a member; a capital is a name, what follows a colon what the member is."""
    found = []
    for word in text.split():
        name, _, key = word.rpartition(":")
        found.append(Member(name or None, (key, key, ord(key) // 10, "all")))
    return found


def shown(one: str, other: str) -> str:
    """The pairs as `a=b`, `-a` and `+b`."""
    left, right = one.split(), other.split()
    return " ".join(
        f"+{right[there]}"
        if here is None and there is not None
        else f"-{left[here]}"
        if there is None and here is not None
        else f"{left[here or 0]}={right[there or 0]}"
        for here, there in aligned(members(one), members(other))
    )


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("a b c", "a b c", "a=a b=b c=c"),
        ("a b c", "a c", "a=a -b c=c"),
        ("a c", "a b c", "a=a +b c=c"),
        ("a a a", "x a a a", "+x a=a a=a a=a"),
        ("X:a Y:b", "Y:b X:a", "Y:b=Y:b X:a=X:a"),  # names stay together
        ("X:a b", "b X:z", "b=b X:a=X:z"),
        ("X:a Y:a", "Y:a", "-X:a Y:a=Y:a"),  # the name decides between equal ones
        ("a P b", "a Q b".replace("Q", "P"), "a=a P=P b=b"),
        ("", "a", "+a"),
        ("a", "", "-a"),
    ],
)
def test_pairs(one: str, other: str, expected: str) -> None:
    assert shown(one, other) == expected


def test_what_changed_in_place_is_one_pair() -> None:
    assert shown("a d c", "a e c") == "a=a d=e c=c"


@given(st.text("abAB", max_size=12), st.text("abAB", max_size=12))
def test_each_entry_is_in_one_pair(one: str, other: str) -> None:
    left, right = (
        [Member(letter if letter.isupper() else None, (letter, letter, letter, "")) for letter in text]
        for text in (one, other)
    )
    found = aligned(left, right)
    assert sorted(here for here, _ in found if here is not None) == list(range(len(one)))
    assert [there for _, there in found if there is not None] == list(range(len(other)))
    for here, there in found:
        assert here is not None or there is not None


@given(st.lists(st.sampled_from("abc"), max_size=10), st.lists(st.sampled_from("abc"), max_size=10))
def test_the_shortest_way_keeps_as_much_as_can_be_kept(one: list[str], other: list[str]) -> None:
    found = _shortest(list(one), list(other))
    assert found is not None
    longest = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for here, letter in enumerate(one):
        for there, twin in enumerate(other):
            longest[here + 1][there + 1] = (
                longest[here][there] + 1
                if letter == twin
                else max(longest[here][there + 1], longest[here + 1][there])
            )
    assert len(found) == longest[-1][-1]
    assert all(one[here] == other[there] for here, there in found)


@pytest.mark.parametrize("named", [True, False])
def test_ten_thousand_entries_of_few_kinds(named: bool) -> None:
    words = "abcde"
    one = [Member(f"l{n}" if named else None, (words[n * n % 5],) * 3 + ("",)) for n in range(10_000)]
    other = [*one[:3000], *one[3001:7000], Member("new", ("z", "z", "z", "")), *one[7000:]]
    start = time.process_time()
    found = aligned(one, other)
    assert time.process_time() - start < 5
    assert sum(here is None or there is None for here, there in found) == 2
