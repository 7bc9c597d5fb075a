"""The models of `specs/models`, written in Keras by hand: a function for each spec, with its name.

They follow the papers and tutorials that the models come from. Each gives a model whose layers have
the names of the spec's entries; a layer in a block has the block's name before its own.
"""

from collections.abc import Callable
from types import FunctionType

import keras

from tests.models import convolutions, encoder_decoders, images_and_sound, recurrent, transformers

FAMILIES = (encoder_decoders, recurrent, convolutions, images_and_sound, transformers)

TWINS: dict[str, Callable[[], keras.Model]] = {
    name: function
    for family in FAMILIES
    for name, function in vars(family).items()
    if isinstance(function, FunctionType) and function.__module__ == family.__name__ and name[0] != "_"
}
