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
    more = f"; {_layers(fault.others)} it too" if fault.others else ""
    if fault.is_function:
        calls = (
            f"{len(fault.others)} more such calls are" if len(fault.others) > 1 else "one more such call is"
        )
        also = f"; {calls} in the file" if fault.others else ""
        return Words(
            f"it is a call of a function of TensorFlow, which Keras 2 saved as a layer ({fault.type}); the "
            f"installed Keras has none like it{also}",
            help="call functions of `keras.ops` in the model's program instead, and save it again",
        )
    if fault.of_keras:
        return Words(
            f"the installed Keras has no class `{fault.type}`{more}",
            help="if it is a layer of an older Keras, use one that is there now in the model's program; if it is "
            'your own, register it with `@keras.saving.register_keras_serializable("MyPackage")` and name its '
            "module with `--plugin`; save the model again",
        )
    where = f": the file names the module `{fault.module}`, which is never imported" if fault.module else ""
    return Words(
        f"the installed Keras has no class `{fault.type}`{where}{more}",
        help='register it with `@keras.saving.register_keras_serializable("MyPackage")`, save the model '
        "again, and name its module with `--plugin`",
    )


def _layers(names: tuple[str, ...]) -> str:
    return f"`{names[0]}` has" if len(names) == 1 else f"{len(names)} more layers have"


RULE = Rule("SEQ121", "error", ForeignClass, words)
