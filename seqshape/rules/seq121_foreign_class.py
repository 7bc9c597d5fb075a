"""A saved model has a layer of a class that Keras does not have.

The class was written outside Keras, and a file names it only. Nothing that a file names is ever
imported. Register the class with `@keras.saving.register_keras_serializable("MyPackage")`, save the
model again, and name the module that has it with `--plugin my_package.layers`.

Bad:

    {"class_name": "Sequential", "config": {"name": "sequential", "layers": [
      {"class_name": "InputLayer", "config": {"name": "x", "batch_shape": [null, 64, 15]}},
      {"module": "os", "class_name": "system", "config": {"name": "half"}}]}}  # SEQ121: `os`

Good:

    {"class_name": "Sequential", "config": {"name": "sequential", "layers": [
      {"class_name": "InputLayer", "config": {"name": "x", "batch_shape": [null, 64, 15]}},
      {"class_name": "Rescaling", "config": {"name": "half", "scale": 0.5}}]}}
"""

from seqshape.faults import ForeignClass
from seqshape.rules.interface import Rule, Words


def words(fault: ForeignClass) -> Words:
    """The fault in a user's words."""
    where = f": the file names the module `{fault.module}`, which is never imported" if fault.module else ""
    return Words(
        f"the installed Keras has no class `{fault.type}`{where}",
        help='register it with `@keras.saving.register_keras_serializable("MyPackage")`, save the model '
        "again, and name its module with `--plugin`",
    )


RULE = Rule("SEQ121", "error", ForeignClass, words)
