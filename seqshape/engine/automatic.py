"""Which names Keras gives by itself while a layer is made and called: plain data.

Keras numbers whatever has no name: layers, those that layers make for themselves, operations.
"""

from dataclasses import dataclass

Counts = tuple[tuple[str, int], ...]
"""How often Keras took each beginning of a name, as `dropout`."""


@dataclass(frozen=True, slots=True)
class Automatic:
    """One call, the first of which makes its layer.

    `base` and `number` are the name that Keras gives where nothing was made before (`dropout`, 0); there is
    no base where nothing is named. `counts` are used up then, `counts_named` where the layer has a name.
    """

    base: str
    number: int
    counts: Counts
    counts_named: Counts
