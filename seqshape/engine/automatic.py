"""Which names Keras gives by itself while a layer is made and called: plain data.

Keras numbers whatever has no name: layers, those that layers make for themselves, operations.
"""

from seqshape.frozen import frozen

Name = tuple[str, int]
"""What a name begins with, and its number where nothing was made before: `dropout`, 0."""


@frozen
class Used:
    """What a call uses up: how often each beginning of a name.

    `operations` are the names of those operations that become part of a model, as where a mask is made.
    """

    counts: tuple[tuple[str, int], ...] = ()
    operations: tuple[Name, ...] = ()


@frozen
class Automatic:
    """One call, the first of which makes its layer.

    `name` is what Keras calls the layer or the operation; None where it names nothing. `alone` is what is
    used up then, `named` where the layer has a name.
    """

    name: Name | None
    alone: Used
    named: Used
