"""What an argument is tried with, by its name alone, and which tensors a call is tried with.

No type of layer is named by what it is here: whether a value fits is Keras's to say (`samples`).
"""

from seqshape.engine.question import Tensor
from seqshape.tree import Json

UNITS = 16
"""The size that names such as `units` are tried with, and the width of a state."""

VALUES: dict[str, tuple[Json, ...]] = {
    "activation": ("relu",),
    "axes": (1, [1, 2], -1),
    "axis": (1, -1, 3),
    "axis1": (1,),
    "axis2": (2,),
    "beta": (2.0,),
    "bin_boundaries": ([0.0, 1.0],),
    "bins": ([0.0, 0.5, 1.0],),
    "block_size": (2,),
    "cell": ({"type": "GRUCell", "units": UNITS},),
    "cells": ([{"type": "GRUCell", "units": UNITS}, {"type": "GRUCell", "units": UNITS}],),
    "default_value": (0,),
    "destination": (2,),
    "dims": ([2, 1],),
    "dtype": ("int32",),
    "equation": ("abc,cd->abd",),
    "factor": (0.2, 4),
    "fft_length": (256,),
    "fill_value": (0,),
    "filters": (UNITS,),
    "groups": (4, 1),
    "head_dim": (8,),
    "height": (24,),
    "height_factor": (0.2,),
    "idf_weights": ([0.5, 0.7, 0.9],),
    "indices_or_sections": (2,),
    "input_dim": (1000,),
    "k": (2,),
    "kernel_size": (3, [3, 3]),
    "key_dim": (8,),
    "kth": (2,),
    "layer": ({"type": "Dense", "units": UNITS}, {"type": "GRU", "units": UNITS}),
    "layers": ([{"type": "Rescaling", "scale": 0.1}],),
    "max_number": (10,),
    "max_val": (1.0,),
    "mean": (0.0,),
    "method": ("linear",),
    "n": (5,),
    "newshape": ([-1, 96],),
    "num_bins": (10,),
    "num_classes": (10,),
    "num_heads": (2,),
    "num_key_value_heads": (2,),
    "num_query_heads": (4,),
    "num_tokens": (1000,),
    "order": (1,),
    "output_dim": (UNITS,),
    "output_shape": ([None, UNITS], UNITS),
    "output_size": (4, [32, 32], [4, 4]),
    "pad_width": (1, [[0, 0], [1, 1], [0, 0]]),
    "pattern": ("b t f -> b f t", "b h w c -> b c h w"),
    "pool_size": (2, [2, 2]),
    "q": (0.5, 50),
    "rate": (0.2,),
    "repeats": (2,),
    "scale": (0.1,),
    "sequence_length": (256, 4),
    "sequence_stride": (128, 2),
    "shape": ([12, 8],),
    "shift": (1,),
    "size": (2, [8, 8], [2, 2, 2]),
    "source": (1,),
    "spatial_dims": ([1, 2],),
    "start_indices": ([0, 0, 0],),
    "stddev": (0.1,),
    "subscripts": ("bqd,bkd->bqk",),
    "target_shape": ([24, 4],),
    "threshold": (0.5,),
    "units": (UNITS,),
    "value_range": ([0, 1],),
    "variance": (1.0,),
    "vocabulary": (["one", "two", "three"], [1, 2, 3]),
    "width": (24,),
    "width_factor": (0.2,),
    "x_max": (1,),
    "x_min": (0,),
}
"""By an argument's name, the values that it is tried with, the most usual one first."""


def _of(*shape: int, dtype: str = "float32") -> Tensor:
    return Tensor((None, *shape), dtype)


SEQUENCE, VECTOR, IMAGE = _of(12, 8), _of(8), _of(32, 32, 3)
TOKENS, STRINGS, SIGNAL = _of(12, dtype="int32"), _of(12, dtype="string"), _of(4000)
KINDS = (
    SEQUENCE,
    VECTOR,
    IMAGE,
    TOKENS,
    _of(8, 8, 8, 3),
    _of(6, 32, 3),
    _of(6, 32, 32, 3),
    _of(6, 8, 8, 8, 3),
    STRINGS,
    SIGNAL,
    _of(dtype="int32"),
    _of(1, dtype="string"),
    _of(8, 8),
    _of(dtype="float32"),
    _of(12, 8, dtype="int32"),
    _of(12, 8, dtype="bool"),
    _of(12, 8, dtype="complex64"),
)
"""Tensors that a call is tried with, the most usual ones first."""

HINTS = (
    ("image", IMAGE),
    ("string", STRINGS),
    ("text", _of(1, dtype="string")),
    ("audio", SIGNAL),
    ("signal", SIGNAL),
    ("integer", TOKENS),
    ("token", TOKENS),
)
"""Words in what Keras says of a type, and the tensor that they speak for."""

NAMED: dict[str, tuple[Tensor, ...]] = {
    "states": (_of(UNITS),),
    "indices": (_of(12, dtype="int32"), _of(12, 8, dtype="int32"), Tensor((4,), "int32"), Tensor((4, 1), "int32")),
    "segment_ids": (Tensor((12,), "int32"),),
    "data": (Tensor((12, 8), "float32"),),
    "updates": (Tensor((4, 8), "float32"), Tensor((4,), "float32")),
    "kernel": (Tensor((3, 8, UNITS), "float32"), Tensor((3, 8, 1), "float32")),
    "depthwise_kernel": (Tensor((3, 8, 1), "float32"),),
    "pointwise_kernel": (Tensor((1, 8, UNITS), "float32"),),
    "mean": (Tensor((8,), "float32"),),
    "variance": (Tensor((8,), "float32"),),
    "condition": (_of(12, 8, dtype="bool"),),
    "condlist": (_of(12, 8, dtype="bool"),),
    "targets": (_of(dtype="int32"),),
    "target": (_of(12, 8), _of(12, dtype="int32"), _of(10, dtype="int32")),
    "output": (_of(12, 8), _of(40, 8)),
    "target_length": (_of(dtype="int32"),),
    "output_length": (_of(dtype="int32"),),
    "sequence_lengths": (_of(dtype="int32"),),
    "query": (_of(12, 2, 8),),
    "key": (_of(12, 2, 8),),
    "value": (_of(12, 2, 8),),
    "transform": (_of(8),),
    "coordinates": (Tensor((2, 16), "float32"), Tensor((3, 16), "float32"), Tensor((4, 16), "float32")),
    "start_points": (_of(4, 2),),
    "end_points": (_of(4, 2),),
    "translation": (Tensor((2,), "float32"),),
    "b": (_of(8, 3),),
}  # fmt: skip
"""Tensors for parameters of a call that are no data of the usual kinds, by their name."""
