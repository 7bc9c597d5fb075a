"""Another of a setting's words: `padding: same` for `valid`, `merge_mode: sum` for `concat`.

The words are those that Keras names when it speaks of the argument.
"""

import re
from collections.abc import Iterator

from seqshape.repairs import costs
from seqshape.repairs.interface import Candidate, Case
from seqshape.repairs.naming import setting
from seqshape.repairs.values import inner_layers
from seqshape.repairs.what_if import Layer
from seqshape.revisions import Path

_FAR = 16
_MOST = 6
_WORD = re.compile(r"""["'`]{1,3}([a-z][a-z0-9_]*)["'`]{1,3}""")


def offer(case: Case) -> Iterator[Candidate]:
    """Every other word for each setting that is a word."""
    for node, distance, layer in case.layers(_FAR):
        for path, word in _choices(case, layer):
            yield setting(case, node, layer, path, word, costs.CHOICE + costs.STEP * distance)


def _choices(case: Case, layer: Layer) -> Iterator[tuple[Path, str]]:
    for way, inner in inner_layers(layer):
        page = case.pages().get(str(inner["type"]))
        for argument in page.arguments if page is not None else ():
            now = inner.get(argument.name, argument.default)
            words = dict.fromkeys(_WORD.findall(argument.about))
            if isinstance(now, str) and now in words:
                yield from (((*way, argument.name), word) for word in list(words)[:_MOST] if word != now)
