"""What each kind of change costs: the smaller the change to what the user wrote, the less.

The order is the whole of it: a setting before a size, a size before another wiring, that before an entry
more or less. `likelihood` and `ranking` add what the rest of the spec says for and against a change.
"""

OUTPUT = 0.8
"""Another output of a layer that has several."""
FLAG = 1.0
"""A setting that is true or false, turned round."""
AXIS = 1.0
"""Another axis."""
DTYPE = 1.1
CHOICE = 1.3
"""Another of a setting's words, such as `same` for `valid`."""
DROPPED = 1.7
"""An argument less: Keras's usual value in its place."""
NUMBER = 1.5
"""A size that follows from the shapes that meet."""
SHAPE = 1.8
"""A list of sizes with an axis more or less."""
DATA = 1.3
"""More for a size of an Input."""
GUESSED = 1.9
"""A size that fits, among others that would."""
SIBLING = 2.0
"""The same layer for another number of axes."""
OTHER_INPUT = 2.3
SWAP = 1.4
SWAP_NAMED = 2.2
"""Two inputs swapped that the entry gives by name."""
DROPPED_INPUT = 2.9
WRAP = 2.4
UNWRAP = 1.9
INSERT = 2.4
"""An entry more that has nothing to choose."""
AS_ELSEWHERE = 1.9
"""Another entry in place of one, as stands behind the same type elsewhere."""
IN_PLACE = -0.2
"""An entry in place of one that is refused, over one more."""
PROJECTION = 2.9
"""An entry more with weights."""
RESHAPING = 3.0
"""An entry more that moves numbers between axes."""
RESIZING = 3.0
"""An entry more that cuts, pads or repeats along axes."""
REMOVE = 2.3
"""An entry less that has no weights."""
REMOVE_WEIGHTS = 3.4
MERGE = 2.6
"""Another way to merge."""
EACH_MORE = 0.5
"""The same change in a further entry."""
STEP = 0.03
"""Each call between the change and the failure."""
