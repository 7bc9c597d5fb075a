"""How much a file may hold before reading stops."""

from dataclasses import fields, replace

from seqshape.frozen import frozen


@frozen
class Limits:
    """The sizes at which a file is refused, with the values that hold where nobody asks for more."""

    bytes: int = 16 * 1024 * 1024
    """Bytes in one file."""
    nodes: int = 200_000
    """Values in one file, each alias counted as what it stands for."""
    depth: int = 100
    """Levels of nesting."""
    layers: int = 200_000
    """Layers after blocks are unrolled."""

    def raised(self, name: str, value: int) -> "Limits":
        """The limits with one of them changed.

        Raises:
            ValueError: there is no such limit, or it cannot have that value.

        """
        names = [field.name for field in fields(self)]
        if name not in names:
            raise ValueError(f"no limit `{name}`; there are {', '.join(names)}")
        if value < 1:
            raise ValueError(f"the limit `{name}` must be at least 1")
        if name == "depth" and value > DEEPEST:
            raise ValueError(f"the limit `depth` can be {DEEPEST} at most")
        if value > LARGEST:
            raise ValueError(f"the limit `{name}` can be {LARGEST} at most")
        return replace(self, **{name: value})


LARGEST = 2**40
DEEPEST = 200
"""Python's own stack bounds the nesting that can be read."""
