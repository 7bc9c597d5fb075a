"""From a file to one side of a comparison: the model is judged, and dims that it lacks are left alone."""

from collections.abc import Mapping

from seqshape.comparison.side import Side
from seqshape.containers import Contents
from seqshape.engine import Engine
from seqshape.judged import judged
from seqshape.limits import Limits
from seqshape.sizes import UnknownDim


def side_of(
    path: str,
    contents: Contents,
    dims: Mapping[str, int | None],
    *,
    limits: Limits,
    engine: Engine,
    trace: bool = True,
) -> tuple[Side, dict[str, UnknownDim]]:
    """One model of two, and by its name what is to be said of each dim that it does not have."""
    own, lacking = dict(dims), dict[str, UnknownDim]()
    while True:
        try:
            found = judged(
                path,
                contents,
                dims=own,
                limits=limits,
                engine=engine,
                trace=trace,
                thorough=True,
                expecting=False,
            )
        except UnknownDim as error:
            lacking[error.name] = error
            del own[error.name]
        else:
            return Side(found.report, found.spec, found.calls, engine, found.subject), lacking
