"""What came of a question about a size, for programs."""

import json

from seqshape.render._surface import Surface
from seqshape.solving.result import Solution
from seqshape.sweeping.result import Combination
from seqshape.sweeping.to_json import combination
from seqshape.tree import Json

SOLVE_VERSION = 1


def render(found: Solution, surface: Surface) -> str:
    """The answer as one JSON object."""
    return json.dumps(data(found), ensure_ascii=not surface.unicode, indent=2) + "\n"


def data(found: Solution) -> dict[str, Json]:
    """The answer as plain data; null stands for what is not known, or was not asked."""
    asked = found.asked
    formulas = dict(found.formulas)
    return {
        "solve_version": SOLVE_VERSION,
        "seqshape": found.seqshape,
        "keras": found.keras,
        "spec": {"path": found.path, "name": found.spec_name},
        "size": asked.name,
        "sense": "largest" if asked.most else "smallest",
        "budgets": [
            {
                "quantity": each.quantity,
                "at_most" if asked.most else "at_least": each.limit,
                "formula": formulas[each.quantity],
            }
            for each in asked.budgets
        ],
        "sizes": dict(asked.others),
        "multiple_of": asked.multiple,
        "range": [asked.first, asked.last],
        "status": found.status,
        "value": found.value,
        "depends": found.depends,
        "gaps": found.gaps,
        "answer": _built(found.answer),
        "next": _built(found.beyond),
        "refused": [_built(each) for each in found.refused],
        "built": found.built,
    }


def _built(each: Combination | None) -> Json:
    return None if each is None else combination(each)
