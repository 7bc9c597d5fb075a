"""Types that cannot be made from data: why, and what to do. The one written list of them.

Everything else that the installed Keras has works from a spec; a test walks all of it.
"""

_MODEL = (
    "a model is written as its layers",
    "leave `type` out and give the entry `layers`, a list of entries: that is a block",
)
_FUNCTION = (
    "it takes a Python function, and a spec holds no code",
    "write the layers out, or register a layer of your own and name its module with --plugin",
)
_NOTHING_FLOWS_IN = (
    "it makes a tensor from numbers, and nothing flows in",
    "let an Input stand for the tensor; zeros and ones in the shape of an input are made by "
    "`type: ops.zeros_like` and `type: ops.ones_like`",
)
_NO_TENSOR = (
    "it gives no tensor",
    "read shapes and dtypes from the report of `seqshape inspect`; a size that an argument needs is "
    "written as a number or as one of `dims`",
)
REFUSED: dict[str, tuple[str, str]] = {
    "Lambda": (
        "it runs a Python function, and a spec holds no code",
        "use a function of keras.ops (`type: ops.expand_dims`), or register a layer of your own and name "
        "its module with --plugin",
    ),
    "Layer": (
        "it is the class that layers are written from, and has no call of its own",
        "use a layer of Keras, or register a layer of your own and name its module with --plugin",
    ),
    "Wrapper": (
        "it is the class that wrappers are written from, and has no call of its own",
        "use a wrapper of Keras (TimeDistributed, Bidirectional), or register one of your own and name its "
        "module with --plugin",
    ),
    "TFSMLayer": (
        "it runs a saved TensorFlow program, and a spec runs none",
        "let an Input stand for what it gives, with the shape that comes out of the program",
    ),
    "TorchModuleWrapper": (
        "it wraps a PyTorch module, which is code",
        "write the module's layers as entries, or let an Input stand for what it gives",
    ),
    "JaxLayer": (
        "it wraps a JAX function, which is code",
        "write what it does as entries, or let an Input stand for what it gives",
    ),
    "FlaxLayer": (
        "it wraps a Flax module, which is code",
        "write the module's layers as entries, or let an Input stand for what it gives",
    ),
    **dict.fromkeys(("Model", "Functional", "Sequential"), _MODEL),
    **dict.fromkeys(
        (
            f"ops.{name}"
            for name in (
                "associative_scan", "cond", "custom_gradient", "fori_loop", "jvp", "map", "scan", "switch",
                "vectorize", "vectorized_map", "while_loop",
            )
        ),
        _FUNCTION,
    ),
    **dict.fromkeys(
        (
            f"ops.{name}"
            for name in (
                "arange", "bartlett", "blackman", "empty", "eye", "hamming", "hanning", "identity",
                "kaiser", "ones", "tri", "zeros",
            )
        ),
        _NOTHING_FLOWS_IN,
    ),
    **dict.fromkeys(
        (f"ops.{name}" for name in ("convert_to_numpy", "dtype", "is_tensor", "ndim", "shape")),
        _NO_TENSOR,
    ),
}  # fmt: skip
"""By type: the reason, and the remedy."""
MODELS = ("Functional", "Model", "Sequential")
"""Refused types that are no layers of `keras.layers`, though users look for them there."""
