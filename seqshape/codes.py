"""What a code says by its number alone."""

FIRST_SILENCED = "SEQ200"
"""What is wrong with the file or its words cannot be silenced: nothing would be judged then."""
LAST_SILENCED = "SEQ899"
"""Nor can what is wrong with the environment, for the same reason."""


def can_be_silenced(code: str) -> bool:
    """Whether a code may be left out: not where it says that a file, or its layers, are not judged."""
    return FIRST_SILENCED <= code <= LAST_SILENCED
