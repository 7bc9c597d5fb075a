"""Judging a file ended the process in which Keras is asked.

`seqshape check` judges many specs in several processes (`--jobs`). One of them ended in the middle of this
file: memory ran out, or compiled code that a layer runs, of TensorFlow or of a plugin, went wrong. The
other files are judged all the same. Where one process after the other ends, the rest of the files is
left alone.
"""

from seqshape.faults import JudgingEnded
from seqshape.rules.interface import Rule, Words

_HELP = "leave layers out of a copy of the file until it is judged, those of a plugin first"


def words(fault: JudgingEnded) -> Words:
    """The fault in a user's words."""
    if fault.in_a_row:
        return Words(
            f"the file was not judged: {fault.in_a_row} processes in a row ended while Keras was asked",
            help="look at the first file that is told this way; the others may be sound",
        )
    return Words(f"judging this file ended the process in which Keras is asked: {fault.how}", help=_HELP)


RULE = Rule("SEQ906", "error", JudgingEnded, words)
