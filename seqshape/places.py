"""Where a thing stands in a file: line and column of its start and of its end."""

from seqshape.frozen import frozen


@frozen
class Place:
    """A stretch of text. Lines and columns count from 1, in characters; the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int

    def to(self, end: "Place") -> "Place":
        """The stretch from the start of this place to the end of `end`."""
        return Place(self.line, self.column, end.end_line, end.end_column)

    def __contains__(self, other: "Place") -> bool:
        """Whether another stretch lies in this one."""
        return (self.line, self.column) <= (other.line, other.column) and (
            (other.end_line, other.end_column) <= (self.end_line, self.end_column)
        )


TOP = Place(1, 1, 1, 1)
"""The start of a file: the place of what is wrong with the file as a whole."""
