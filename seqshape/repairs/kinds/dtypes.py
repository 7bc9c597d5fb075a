"""The dtype of an Input, where the call that fails takes another one."""

from collections.abc import Iterator

from seqshape.repairs import costs
from seqshape.repairs.interface import Candidate, Case
from seqshape.repairs.naming import setting
from seqshape.shape_faults import Refused

_FAR = 8


def offer(case: Case) -> Iterator[Candidate]:
    """Each Input before the failure, with that dtype."""
    dtype = case.fault.dtype if isinstance(case.fault, Refused) else None
    if dtype is None:
        return
    for node, distance, layer in case.layers(_FAR):
        if not node.feeds:
            yield setting(case, node, layer, ("dtype",), dtype, costs.DTYPE + costs.STEP * distance)
