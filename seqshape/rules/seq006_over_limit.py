"""The file is larger than a limit allows.

Limits keep a file from a stranger from eating the machine: 16 MiB a file, 200,000 values after
aliases are expanded, 100 levels of nesting, 200,000 layers after blocks are unrolled. Each is
raised on the command line where a file is honestly that large.

Bad:

    layers:
      - {name: x, type: Input, shape: [8]}
      - {name: tower, repeat: 300000, layers: [{type: Dense, units: 8}]}  # SEQ006: more than 200,000 layers

Good:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: gru, type: GRU, units: 16}
"""

from seqshape.faults import OverLimit
from seqshape.rules.interface import Rule, Words


def words(fault: OverLimit) -> Words:
    """The fault in a user's words."""
    return Words(
        f"more than {fault.most:,} {fault.what}",
        help=f"raise the limit with `--limit {fault.limit}={fault.most * 10}` if that is meant",
    )


RULE = Rule("SEQ006", "error", OverLimit, words)
