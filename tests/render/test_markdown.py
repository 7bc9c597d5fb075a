"""Markdown as a reader of Markdown takes it: whatever a spec holds stays text in its own cell."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from seqshape.render import renderer
from seqshape.render._surface import Options, Surface
from seqshape.report import Comparison, Run
from tests.render.findings import finding, report

SIGNS = st.text(st.sampled_from("`\\\\|<>b/[]()!&;*_~#-+=:x1 \n"), max_size=30)


def tokens(text: str) -> list[Token]:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)


def foreign(found: list[Token]) -> list[str]:
    """What stands within lines and is neither text nor ours."""
    ours = ("text", "code_inline", "text_special", "strong_open", "strong_close", "softbreak")
    inner = (child for token in found for child in token.children or ())
    return [child.content for child in inner if child.type not in ours and child.content != "<br>"]


@settings(deadline=None)
@given(SIGNS, SIGNS, SIGNS)
def test_a_finding_is_a_row_of_four_cells(path: str, layer: str, message: str) -> None:
    item = replace(finding(layer=layer, message=message), help=message, keras=layer)
    text = renderer("markdown").render(
        Run((report(f"x{path}", item),)), Surface(), Options(rows=False, quiet=True)
    )
    found = tokens(text)
    assert [token.type for token in found].count("td_open") == 4
    assert foreign(found) == []


@settings(deadline=None)
@given(SIGNS, SIGNS)
def test_a_comparison_is_one_block_of_code(layer: str, name: str) -> None:
    item = replace(finding(layer=layer), compared=Comparison(((name, (None, 5)), ("b", (None, 6))), (1,)))
    for rows in (False, True):
        found = tokens(
            renderer("markdown").render(Run((report("x", item),)), Surface(), Options(rows=rows))
        )
        (block,) = (token for token in found if token.type in ("fence", "code_block"))
        assert block.content.splitlines()[-1].endswith("^^^")
        assert foreign(found) == []
