"""What the rules about expected counts share."""

from seqshape.rules.interface import Words
from seqshape.shape_faults import CountDiffers


def count_words(fault: CountDiffers, noun: str) -> Words:
    """A count and what it should be, with the difference."""
    what = f"`{fault.layer}` has" if fault.layer else "the spec has"
    found = f"{what} {fault.found:,} {noun}"
    if fault.exact is not None:
        difference = fault.found - fault.exact
        return Words(f"{found}, expected are {fault.exact:,}", help=f"{difference:+,}")
    if fault.most is not None and fault.found > fault.most:
        return Words(f"{found}, at most {fault.most:,} are allowed", help=f"{fault.found - fault.most:+,}")
    least = fault.least or 0
    return Words(f"{found}, at least {least:,} are expected", help=f"{fault.found - least:+,}")
