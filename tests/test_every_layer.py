"""Everything that the installed Keras has works from a small spec, or stands on a list with a reason.

The names are taken from Keras itself, not from the catalogue: what the catalogue forgets is seen here.
"""

import importlib.util
import inspect
import json
from pathlib import Path
from typing import Any

import pytest

import seqshape
from seqshape.engine import Engine
from seqshape.engine.question import Call, Question, Refusal, agree
from seqshape.engine.refusals import MODELS, REFUSED
from seqshape.engine.samples import Sample
from seqshape.pipeline import Report

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")

PACKAGES = {"STFTSpectrogram": "scipy"}
"""Layers that Keras makes only beside another package."""

NO_SAMPLE: dict[str, str] = dict.fromkeys(
    ("ops.corrcoef", "ops.isin", "ops.kron"),
    "its TensorFlow code runs on values alone, so Keras cannot run it in a model that is compiled",
)
"""Functions of `keras.ops` that Keras takes and TensorFlow does not trace, each with the reason."""

MEASURED = (3, 15)
OLDER: dict[str, str] = {
    **dict.fromkeys(
        (
            "ops.correlate", "ops.histogram", "ops.inner", "ops.searchsorted", "ops.solve", "ops.tril",
            "ops.triu",
        ),
        "in older Keras its code runs on values alone",
    ),
    "ops.glu": "in older Keras its shape rule gives another shape than its call",
    **dict.fromkeys(
        ("ops.image.crop_images", "ops.image.pad_images"),
        "in older Keras its messages do not say which arguments are missing",
    ),
}  # fmt: skip
"""Those for which Keras older than the measured one has no sample, each with the reason."""


@pytest.fixture(scope="module")
def keras(engine: Engine) -> Any:
    """Keras as the engine imports it."""
    engine._keras.judge()
    import keras as found

    return found


def version(keras: Any) -> tuple[int, ...]:
    return tuple(int(part) for part in keras.__version__.split(".")[:2])


def layer_names(keras: Any) -> list[str]:
    """The public layers of Keras, under all of their names, with `Input`."""
    found = [
        name
        for name, value in vars(keras.layers).items()
        if inspect.isclass(value) and issubclass(value, keras.layers.Layer)
    ]
    return ["Input", *found]


def function_names(keras: Any) -> list[str]:
    """The public functions of `keras.ops` and of its modules."""
    modules = {"ops": keras.ops}
    modules.update(
        (f"ops.{name}", value) for name, value in vars(keras.ops).items() if inspect.ismodule(value)
    )
    assert {"ops.image", "ops.linalg", "ops.nn", "ops.numpy"} <= set(modules)
    return [
        f"{prefix}.{name}"
        for prefix, module in modules.items()
        for name, value in vars(module).items()
        if inspect.isfunction(value) and not name.startswith("_")
    ]


def inspected(sample: Sample, engine: Engine) -> Report:
    text = json.dumps({"layers": sample.layers()})
    return seqshape.inspect_bytes("sample.json", text.encode(), engine=engine)


def said(report: Report) -> list[str]:
    """What is wrong with a sample: nothing, and its call is traced."""
    found = [
        f"{item.code} {item.message} {item.keras}"
        for item in report.diagnostics
        if item.severity == "error"
    ]
    if not report.rows[-1].traced:
        found.append("not traced")
    return found


def missing(name: str) -> bool:
    """Whether a layer's package is not installed here."""
    return name in PACKAGES and importlib.util.find_spec(PACKAGES[name]) is None


def wrong(names: list[str], engine: Engine) -> dict[str, object]:
    """The types among these that neither work nor are refused with a reason and a remedy."""
    found: dict[str, object] = {}
    catalogue = engine.catalogue()
    for name in names:
        type_ = catalogue.find(name, None)
        if type_ is None:
            found[name] = "no type"
        elif type_.needs_code:
            if not (type_.name in REFUSED and type_.remedy):
                found[name] = "refused without a reason"
        elif not missing(name):
            sample = engine.sample(type_.name)
            problem = said(inspected(sample, engine)) if isinstance(sample, Sample) else "no sample"
            if problem:
                found[name] = problem
    return found


def test_every_public_layer_works_or_is_refused_with_a_reason(keras: Any, engine: Engine) -> None:
    assert wrong(layer_names(keras), engine) == {}


def test_every_function_works_or_is_refused_with_a_reason(keras: Any, engine: Engine) -> None:
    found = wrong(function_names(keras), engine)
    bare = {engine.catalogue().aliases.get(name, name) for name in found}
    expected = set(NO_SAMPLE) & set(engine.catalogue().types)
    assert expected <= bare
    assert bare <= (expected if version(keras) >= MEASURED else expected | set(OLDER))


def test_the_layers_of_keras_applications_work(keras: Any, engine: Engine) -> None:
    names = [name for name in engine.catalogue().types if name.startswith("keras.src.applications.")]
    assert any(name.endswith("convnext.LayerScale") for name in names)
    assert wrong(names, engine) == {}


def test_a_missing_type_is_seen(keras: Any, engine: Engine) -> None:
    assert set(wrong(["GRU", "Gru", "ops.kron"], engine)) == {"Gru", "ops.kron"}


def test_the_lists_name_nothing_that_works(keras: Any, engine: Engine) -> None:
    """Each refused type is one that users meet; the lists do not hide what could be made."""
    known = {*layer_names(keras), *function_names(keras), *MODELS}
    if version(keras) >= MEASURED:
        assert set(REFUSED) <= known
        assert set(NO_SAMPLE) <= known


def test_the_readme_states_the_counts(keras: Any, engine: Engine) -> None:
    types = engine.catalogue().types
    layers = {name: vars(keras.layers).get(name, name) for name in layer_names(keras) if name != "Input"}
    classes = {id(value): types[name] for name, value in layers.items()}
    working = [type_ for type_ in classes.values() if not type_.needs_code]
    functions = [name for name in types if name.startswith("ops.")]
    usable = [name for name in functions if not types[name].needs_code and name not in NO_SAMPLE]
    sentence = (
        f"Of Keras {keras.__version__}'s {len(classes)} layer classes ({len(layers)} names) {len(working)} work as "
        f"`type`, and {len(usable)} of the {len(functions)} functions of `keras.ops`"
    )
    if f"Of Keras {keras.__version__}'s" in README or keras.__version__ == "3.15.1":
        assert sentence in " ".join(README.split())


def test_an_argument_that_is_listed_can_be_given_its_default(engine: Engine) -> None:
    refused = []
    for name, type_ in engine.catalogue().types.items():
        sample = engine.sample(name)
        if name.startswith("ops.") or not isinstance(sample, Sample):
            continue
        for argument in engine.pages()[name].arguments:
            if argument.told and argument.name not in ("name", *sample.arguments):
                layer = json.dumps({"type": name, **sample.arguments, argument.name: argument.default})
                answer = engine.ask(Question(Call(layer, sample.given, "{}")))
                if isinstance(answer, Refusal):
                    refused.append((name, argument.name, answer.message))
        assert type_.constructor.names() == tuple(each.name for each in engine.pages()[name].arguments)
    assert refused == []


@pytest.mark.parametrize("name", ["ops.zeros", "ops.arange", "ops.shape"])
def test_a_function_that_cannot_stand_in_a_spec_says_why(name: str, engine: Engine) -> None:
    layers = [{"name": "x", "type": "Input", "shape": [5, 8]}, {"type": name}]
    report = seqshape.inspect_bytes("a.json", json.dumps({"layers": layers}).encode(), engine=engine)
    assert [item.code for item in report.diagnostics] == ["SEQ113"]
    assert REFUSED[name][0] in report.diagnostics[0].message
    assert report.diagnostics[0].help == REFUSED[name][1]


# Against Keras itself.


def made(keras: Any, value: Any) -> Any:
    """The arguments of a sample as a Keras user gives them."""
    if isinstance(value, list):
        return [made(keras, item) for item in value]
    if isinstance(value, dict) and "type" in value:
        arguments = {key: made(keras, item) for key, item in value.items() if key != "type"}
        return getattr(keras.layers, value["type"])(**arguments)
    return value


def array(tensor: Any) -> Any:
    """Values for a tensor, for a batch of two."""
    import numpy
    import tensorflow

    shape = [2 if size is None else size for size in tensor.shape]
    if tensor.dtype == "string":
        return tensorflow.fill(shape, "one")
    return numpy.ones(shape, dtype=tensor.dtype)


def differences(name: str, sample: Sample, report: Report, keras: Any) -> list[str]:
    """What inspect says of a sample, and the layer built on values does not give."""
    classes = {**vars(keras.layers), "LayerScale": None}
    cls = classes.get(name) or next(
        each for each in keras.layers.Layer.__subclasses__() if f"{each.__module__}.{each.__name__}" == name
    )
    layer = cls(**{key: made(keras, value) for key, value in sample.arguments.items()})
    values = {
        given.parameter: [array(tensor) for tensor in given.tensors]
        if given.listed
        else array(given.tensors[0])
        for given in sample.given
    }
    positional = [values.pop(None)] if None in values else []
    outputs = keras.tree.flatten(layer(*positional, **values))
    row = report.rows[-1]
    built = [(tuple(each.shape)[1:], keras.backend.standardize_dtype(each.dtype)) for each in outputs]
    found = [(each.tensor.shape[1:], each.tensor.dtype) for each in row.outputs]
    wrong = []
    if len(built) != len(found) or not all(
        agree(told[0], real[0]) and told[1] == real[1] for told, real in zip(found, built, strict=True)
    ):
        wrong.append(f"outputs {found}, Keras gives {built}")
    weights = sorted((tuple(each.shape), str(each.dtype), bool(each.trainable)) for each in layer.weights)
    told = sorted((each.shape, each.dtype, each.trainable) for each in row.weights)
    if weights != told:
        wrong.append(f"weights {told}, Keras makes {weights}")
    return wrong


def test_every_layer_gives_what_keras_gives_on_values(keras: Any, engine: Engine) -> None:
    found: dict[str, object] = {}
    names = [
        name for name in engine.catalogue().types if not name.startswith("ops.") and "Input" not in name
    ]
    compared = 0
    for name in names:
        sample = engine.sample(name)
        if isinstance(sample, Sample):
            compared += 1
            if problem := differences(name, sample, inspected(sample, engine), keras):
                found[name] = problem
    assert found == {}
    assert compared > 120
