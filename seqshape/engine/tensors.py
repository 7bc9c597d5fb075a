"""What goes into calls and comes out of them, and the weights of layers: plain data, no values."""

from typing import TYPE_CHECKING

from seqshape.frozen import frozen

if TYPE_CHECKING:
    from seqshape.tree import Json


@frozen
class Tensor:
    """A symbolic tensor: its shape (None for an unknown axis), dtype, and the shape of its mask."""

    shape: tuple[int | None, ...]
    dtype: str
    mask: tuple[int | None, ...] | None = None
    sparse: bool = False

    def data(self) -> "Json":
        """The tensor as JSON has it."""
        mask: Json = None if self.mask is None else list(self.mask)
        return [list(self.shape), self.dtype, mask, self.sparse]


@frozen
class Output:
    """One output of a call, by name."""

    name: str
    tensor: Tensor


@frozen
class Weight:
    """One weight; `itemsize` is the bytes of one element."""

    name: str
    shape: tuple[int, ...]
    dtype: str
    itemsize: int
    trainable: bool
