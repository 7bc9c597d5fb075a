"""Saved models with words changed at random: each is answered, and never with a traceback."""

import copy
import json
import random
from typing import Any

import pytest

from seqshape import graph_builder, words
from seqshape.containers import Contents
from seqshape.engine import Engine
from seqshape.limits import Limits
from seqshape.loading import load
from seqshape.rules import judge
from tests.convert.models import MODELS, a_wrapped_model

ODD: list[Any] = [
    None, True, 0, -1, 10**30, 0.5, "", "x", "input", "a.b", "*", [], {}, [[]], [None], [1, "a"],
    {"class_name": "__lambda__"}, {"class_name": "__slice__", "config": {}}, {"class_name": "function"},
    {"class_name": "__keras_tensor__", "config": {"keras_history": ["x", 0, 0]}}, ["x", 0, 0],
    {"class_name": "Sequential", "config": {"layers": []}}, {"class_name": "__tuple__", "items": [1]},
    {"class_name": "__numpy__", "config": 3}, {"class_name": "DTypePolicy", "config": {"name": None}},
]  # fmt: skip


def places(value: Any, found: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """Each collection in a document with each of its keys."""
    items = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, item in list(items):
        found.append((value, key))
        places(item, found)
    return found


def changed(text: str, chance: random.Random) -> str:
    """The document with a few of its words changed, taken away, or swapped."""
    document = json.loads(text)
    for _ in range(chance.randint(1, 4)):
        found = places(document, [])
        if not found:
            break
        where, key = chance.choice(found)
        match chance.randrange(4):
            case 0:
                del where[key]
            case 1:
                other, word = chance.choice(found)
                where[key] = copy.deepcopy(other[word])
            case _:
                where[key] = copy.deepcopy(chance.choice(ODD))
    return json.dumps(document)


@pytest.mark.parametrize("seed", range(2))
def test_changed_words_are_answered(seed: int, engine: Engine) -> None:
    texts = [make().to_json() for make in (*MODELS.values(), a_wrapped_model)]
    chance = random.Random(seed)
    codes: set[str] = set()
    for _ in range(300):
        data = changed(chance.choice(texts), chance).encode()
        loaded = load("model.json", Contents(data), {}, Limits(), engine)
        graph, faults = graph_builder.build(loaded.spec, Limits())
        told = judge([*loaded.faults, *faults, *words.check(graph, engine.catalogue())])
        codes.update(item.code for item in told)
    assert {"SEQ011", "SEQ103", "SEQ121"} <= codes
