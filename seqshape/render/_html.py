"""The table as HTML, for notebooks: Rich's own export, in the colours of the table."""

import io

from rich.console import Console

from seqshape.render._surface import Options
from seqshape.render.table import renderables
from seqshape.report import ReportData

_FORMAT = (
    '<pre style="white-space:pre;overflow-x:auto;line-height:normal;'
    "font-family:Menlo,'DejaVu Sans Mono',consolas,'Courier New',monospace\">{code}</pre>\n"
)
_WIDTH = 120


def html(report: ReportData) -> str:
    """One `<pre>` element; everything that comes from the file is escaped."""
    console = Console(
        file=io.StringIO(), record=True, width=_WIDTH, highlight=False, markup=False, emoji=False
    )
    for part in renderables(report, Options(), _WIDTH):
        console.print(part)
    return console.export_html(inline_styles=True, code_format=_FORMAT)
