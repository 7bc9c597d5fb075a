"""What is taken from a docstring."""

import pytest

from seqshape.engine.docstrings import arguments, choices, sentence, summary

DOC = """Counts things of many kinds (e.g. sheep). More about that.

    A second paragraph.

    Args:
        units: Positive integer, the number
            of things. A second sentence.
        axis, axes: Which one.
        mode (str): One of these:
            - `"a"`
            - `"b"`
        `flag`: Boolean. If `True`, it counts twice. And so on.

        late: After an empty line.
        **kwargs: The rest.

    Call arguments:
        inputs: A tensor.

    Returns:
        units: no argument.
    """


def test_the_summary_is_the_first_sentence() -> None:
    assert summary(DOC) == "Counts things of many kinds (e.g. sheep)."
    assert summary(None) == summary("") == ""


def test_the_arguments_are_told_by_name() -> None:
    assert arguments(DOC) == {
        "units": "Positive integer, the number of things.",
        "axis": "Which one.",
        "axes": "Which one.",
        "mode": "One of these:",
        "flag": "Boolean. If `True`, it counts twice.",
        "late": "After an empty line.",
        "kwargs": "The rest.",
    }
    assert arguments(DOC, call=True) == {"inputs": "A tensor."}


def test_the_words_in_quotes_are_told_by_argument() -> None:
    assert choices(DOC) == {"mode": ("a", "b")}


def test_what_none_does_is_told_wherever_it_stands() -> None:
    doc = "Joins.\n\nArgs:\n    mode: How the outputs of both are joined. More on it. If `None`, they are a list. And so on.\n"
    assert arguments(doc) == {"mode": "How the outputs of both are joined. If `None`, they are a list."}


def test_a_text_at_the_margin_ends_no_docstring_before_it() -> None:
    """Keras pastes examples into docstrings, at the margin."""
    assert arguments(f"{DOC}\n```python\nlayer = 3\n```\n") == arguments(DOC)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Additive attention, a.k.a. Bahdanau-style. More.", "Additive attention, a.k.a. Bahdanau-style."),
        (
            "See [the paper](https://x.org/1.2) for\n   more about it. Then",
            "See the paper for more about it.",
        ),
        ("No end", "No end"),
        ("word " * 100, ("word " * 60).rstrip() + " …"),
    ],
)
def test_the_first_sentence_on_one_line(text: str, first: str) -> None:
    assert sentence(text) == first
