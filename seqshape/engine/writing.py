"""How Keras writes and reads layers: what it would save of one, what it loads, what it names.

Conversions and comparisons ask this; no answer of it is kept from one run to the next.
"""

from typing import TYPE_CHECKING, cast

from seqshape.engine.importing import Installed
from seqshape.engine.question import Call, Given, World

if TYPE_CHECKING:
    from seqshape.engine.automatic import Automatic
    from seqshape.engine.steps import Steps


class Undescribed(Exception):
    """Keras cannot say how a layer is written; the message is its own."""


class Writing:
    """Asks the installed Keras how layers are written; equal questions are asked once.

    Every method raises `KerasUnavailable` where Keras cannot be asked.
    """

    def __init__(self, keras: Installed) -> None:
        self._keras = keras
        self._told: dict[tuple[object, ...], object] = {}

    def essential(
        self,
        layer: str,
        shared: tuple[tuple[str, str], ...],
        world: World,
        given: tuple[Given, ...] = (),
    ) -> str:
        """The arguments of a layer that say something, as JSON text of a mapping; `layer` as in a call.

        `given` is what goes into it, which some defaults depend on.

        Raises:
            Undescribed: Keras does not make the layer.

        """
        return cast(str, self._tell("essential", layer, shared, world, given))

    def described(self, layer: str, shared: tuple[tuple[str, str], ...], world: World) -> str:
        """A layer as Keras saves it in JSON.

        Raises:
            Undescribed: Keras does not make the layer.

        """
        return cast(str, self._tell("described", layer, shared, world))

    def steps(self, call: Call, world: World) -> "Steps":
        """The operations that a call of a function of `keras.ops` is made of.

        Raises:
            Undescribed: the call cannot be taken apart.

        """
        return cast("Steps", self._tell("steps", call, world))

    def flowing(self, call: Call, shared: tuple[tuple[str, str], ...], world: World) -> str:
        """What flows into the blocks inside a layer when it is called, as JSON text of a mapping.

        For the text of each block's calls it has a list: a shape and a dtype for every such block.

        Raises:
            Undescribed: Keras does not make the layer, or refuses the call.

        """
        return cast(str, self._tell("flowing", call, shared, world))

    def loads(self, layer: str, world: World) -> None:
        """Has Keras make a layer from the JSON text of what it saves.

        Raises:
            Undescribed: Keras does not make it.

        """
        self._tell("loads", layer, world)

    def outputs_of(self, model: str, world: World) -> str:
        """The shapes that a model gives which Keras loads from JSON, as JSON text; null if it cannot say.

        Raises:
            Undescribed: Keras does not load it.

        """
        return cast(str, self._tell("outputs_of", model, world))

    def automatic(
        self, calls: tuple[Call, ...], shared: tuple[tuple[str, str], ...], world: World
    ) -> "tuple[Automatic, ...]":
        """The names that Keras gives by itself in all calls of the layers in `shared`, or in a function's.

        Raises:
            Undescribed: there is no answer in time.

        """
        return cast("tuple[Automatic, ...]", self._tell("automatic", calls, shared, world))

    def _tell(self, name: str, *given: object) -> object:
        """What a function of `configs` or `naming` says."""
        if (name, *given) not in self._told:
            self._keras.judge()
            from seqshape.engine import configs, naming

            function = getattr(naming if name == "automatic" else configs, name)
            try:
                with self._keras.silence():
                    self._told[name, *given] = function(*given)
            except configs.NotDescribed as error:
                raise Undescribed(str(error)) from error
        return self._told[name, *given]
