"""A saved model has one layer at two places, and a spec has no words for that.

An archive (`.keras`) says of a layer that several layers of the model hold that it is one and the same: a
cell that stands twice in an RNN, a layer that is called in a model and in another one inside it. A spec
calls an earlier layer again (`reuse`), and can wrap one; it cannot say more. The layer is judged at each
place on its own: shapes are right, its weights are counted at each place, where Keras counts them once.

Bad:

    {"class_name": "Sequential", "module": "keras", "config": {"name": "pair", "layers": [
      {"class_name": "InputLayer", "module": "keras.layers", "config": {"name": "x", "batch_shape": [null, 8, 4]}},
      {"class_name": "RNN", "module": "keras.layers", "config": {"name": "rnn", "cell": [
        {"class_name": "GRUCell", "module": "keras.layers", "config": {"units": 4}, "shared_object_id": 7},
        {"class_name": "GRUCell", "module": "keras.layers", "config": {"units": 4}, "shared_object_id": 7}]}}]}}  # SEQ123: GRUCell

Good:

    {"class_name": "Sequential", "module": "keras", "config": {"name": "pair", "layers": [
      {"class_name": "InputLayer", "module": "keras.layers", "config": {"name": "x", "batch_shape": [null, 8, 4]}},
      {"class_name": "RNN", "module": "keras.layers", "config": {"name": "rnn", "cell": [
        {"class_name": "GRUCell", "module": "keras.layers", "config": {"units": 4}},
        {"class_name": "GRUCell", "module": "keras.layers", "config": {"units": 4}}]}}]}}
"""

from seqshape.faults import SharedApart
from seqshape.rules.interface import Rule, Words


def words(fault: SharedApart) -> Words:
    """The fault in a user's words."""
    where = "stands here a second time" if fault.other == fault.layer else f"stands in `{fault.other}` too"
    return Words(
        f"this {fault.type} {where}: a spec cannot say that they are one layer, so its weights are counted "
        "at each place",
        help="Keras counts them once; the shapes are right",
    )


RULE = Rule("SEQ123", "warning", SharedApart, words)
