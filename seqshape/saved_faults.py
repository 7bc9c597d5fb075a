"""The faults of a saved model, each cause told once.

A file of another Keras has the same fault in many layers, and nobody corrects it word by word: the first
layer of each cause stands for all.
"""

from collections.abc import Iterable
from dataclasses import replace

from seqshape.faults import BadModel, Fault, ForeignClass, LeftOut, MissingKey, UnknownArgument

_FEW = 3
"""Layers without what Keras needs that are told one by one."""
_OTHER_KERAS = (
    "the file is of another version of Keras, or was edited: load the model where it was saved, make it "
    "again with the installed Keras, and save it"
)


def told_once(faults: Iterable[Fault]) -> list[Fault]:
    """The faults, those of one cause joined into the first of them."""
    kept = list(faults)
    foreign: dict[tuple[str, str], list[ForeignClass]] = {}
    for fault in kept:
        if isinstance(fault, ForeignClass):
            foreign.setdefault((fault.module, "" if fault.is_function else fault.type), []).append(fault)
    joined: dict[Fault, Fault | None] = {}
    for group in foreign.values():
        joined.update(dict.fromkeys(group[1:]))
        layers = dict.fromkeys(fault.layer for fault in group[1:] if fault.layer != group[0].layer)
        joined[group[0]] = replace(group[0], others=tuple(layers))
    left_out = [fault for fault in kept if isinstance(fault, LeftOut)]
    joined.update(dict.fromkeys(left_out[1:]))
    joined.update((fault, replace(fault, more=len(left_out) - 1)) for fault in left_out[:1])
    odd = [fault for fault in kept if isinstance(fault, MissingKey | UnknownArgument)]
    layers = dict.fromkeys(fault.layer for fault in odd)
    if len(layers) > _FEW:
        joined.update(dict.fromkeys((*odd[1:], *left_out)))
        joined[odd[0]] = BadModel(odd[0].place, odd[0].layer, _unfit(odd[0], len(layers)), _OTHER_KERAS)
    found = (joined.get(fault, fault) for fault in kept)
    return [fault for fault in found if fault is not None]


def _unfit(first: MissingKey | UnknownArgument, layers: int) -> str:
    """What is wrong with the arguments of many layers, by the first of them."""
    if isinstance(first, MissingKey):
        said = f"{first.owner} needs `{first.key}`, which is not there"
    else:
        said = f"{first.type} takes no `{first.argument}`"
    return (
        f"{layers} layers have other arguments than the installed Keras takes; in `{first.layer}`, {said}"
    )
