"""A size of an Input, solved for: which one fits what it meets.

Data seldom has another size than its Input says, and a question about it is one about every call behind
it. So it is asked last, where nothing likelier is found.
"""

from collections.abc import Iterator

from seqshape.repairs import costs
from seqshape.repairs.interface import Candidate, Case
from seqshape.repairs.kinds.numbers import fitting

LEAST = costs.NUMBER + costs.DATA


def offer(case: Case) -> Iterator[Candidate]:
    """Sizes that may fit, for each that an Input has."""
    return fitting(case, data=True)
