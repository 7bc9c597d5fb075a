"""Saved models from strangers: nothing in them is imported or run, and each odd word is told."""

import json
import os
import subprocess
import sys
import time
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from seqshape import Report
from seqshape.engine import Engine
from seqshape.limits import Limits
from seqshape.pipeline import inspect, inspect_bytes
from seqshape.render import formats, renderer
from seqshape.render._surface import Options, Surface
from seqshape.report import Run

Config = dict[str, Any]
INPUT: Config = {
    "module": "keras.layers",
    "class_name": "InputLayer",
    "config": {"name": "x", "batch_shape": [None, 8, 4]},
    "name": "x",
    "inbound_nodes": [],
}
DENSE: Config = {"module": "keras.layers", "class_name": "Dense", "config": {"name": "dense", "units": 3}}


def sequential(*layers: Any) -> str:
    config = {"name": "sequential", "layers": [INPUT, *layers]}
    return json.dumps({"module": "keras", "class_name": "Sequential", "config": config})


def tensor(name: Any, node: Any = 0, index: Any = 0) -> Config:
    return {"class_name": "__keras_tensor__", "config": {"keras_history": [name, node, index]}}


def called(saved: Config, *args: Any, **kwargs: Any) -> Config:
    node = {"args": list(args), "kwargs": kwargs}
    return {**saved, "name": saved["config"]["name"], "inbound_nodes": [node]}


def functional(*layers: Config, outputs: Any, inputs: Any = (("x", 0, 0),)) -> str:
    config = {"name": "model", "layers": [INPUT, *layers], "input_layers": inputs, "output_layers": outputs}
    return json.dumps({"module": "keras", "class_name": "Functional", "config": config})


def report(text: str, engine: Engine, thorough: bool = False) -> Report:
    return inspect_bytes("model.json", text.encode(), engine=engine, thorough=thorough)


def told(text: str, engine: Engine) -> list[tuple[str, str | None]]:
    return [(item.code, item.layer) for item in report(text, engine).diagnostics]


class Touched:
    """A module on the path that writes a file where it is imported."""

    def __init__(self, folder: Path) -> None:
        self.trace = folder / "imported"
        (folder / "evil_module.py").write_text(
            f"open({str(self.trace)!r}, 'w').close()\n"
            "class Evil:\n    def __init__(self, **kwargs):\n        pass\n"
        )


@pytest.fixture
def touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Touched:
    monkeypatch.syspath_prepend(str(tmp_path))
    return Touched(tmp_path)


def foreign(module: str, name: str, registered: str | None = None, **config: Any) -> Config:
    config = {"name": "odd", **config}
    return {"module": module, "class_name": name, "registered_name": registered, "config": config}


@pytest.mark.parametrize(
    "layer",
    [
        foreign("evil_module", "Evil"),
        foreign("os", "system", "system", command="true"),
        foreign("subprocess", "Popen", args=["true"]),
        foreign("keras.utils", "get_file", origin="file:///etc/passwd"),
        foreign("keras.src.utils.file_utils", "get_file"),
        foreign("builtins", "eval"),
        foreign("kerasx.layers", "Dense"),
        foreign("", "Evil"),
    ],
    ids=lambda layer: f"{layer['module']}.{layer['class_name']}",
)
def test_a_class_from_elsewhere_is_told_and_not_imported(
    layer: Config, engine: Engine, touched: Touched
) -> None:
    assert told(sequential(layer, DENSE), engine) == [("SEQ121", "odd")]
    assert not touched.trace.exists()
    assert "evil_module" not in sys.modules


def test_the_other_layers_are_judged_all_the_same(engine: Engine) -> None:
    model = functional(
        called(foreign("evil_module", "Evil"), tensor("x")),
        called(DENSE, tensor("x")),
        outputs=[["dense", 0, 0], ["odd", 0, 0]],
    )
    found = report(model, engine, thorough=True)
    assert [item.code for item in found.diagnostics] == ["SEQ121"]
    assert [(row.name, row.status) for row in found.rows] == [
        ("x", "ok"),
        ("odd", "error"),
        ("dense", "ok"),
    ]
    assert found.totals.params == 15


def test_a_class_from_elsewhere_inside_a_layer(engine: Engine, touched: Touched) -> None:
    evil = foreign("evil_module", "Evil")
    wrapper = {
        "module": "keras.layers",
        "class_name": "TimeDistributed",
        "config": {"name": "steps", "layer": evil},
    }
    initial = {**DENSE, "config": {"name": "start", "units": 2, "kernel_initializer": evil}}
    text = sequential(wrapper, initial)
    assert told(text, engine) == [("SEQ121", "steps")]
    (found,) = inspect_bytes("model.json", text.encode(), engine=engine).diagnostics
    assert found.message.endswith("; `start` has it too")
    assert not touched.trace.exists()


def test_a_registered_class_needs_its_plugin(engine: Engine) -> None:
    found = report(sequential(foreign("evil_module", "Evil", "Evil>Evil")), engine)
    assert [item.code for item in found.diagnostics] == ["SEQ102"]
    assert "Evil>Evil" in found.diagnostics[0].message


@pytest.mark.parametrize(
    "layer",
    [
        foreign(
            "keras.layers", "Lambda", function={"class_name": "__lambda__", "config": {"value": "4wE="}}
        ),
        foreign("keras.layers", "Lambda", function=["4wEAAAAA", None, None], function_type="lambda"),
        foreign("keras.layers", "TFSMLayer", filepath="/tmp/x"),
        foreign("keras.layers", "Dense", units=2, activation={"class_name": "__lambda__", "config": {}}),
        foreign(
            "keras.layers",
            "Dense",
            units=2,
            activation={"module": "os", "class_name": "function", "config": "system"},
        ),
    ],
    ids=["lambda", "old lambda", "program", "activation", "function"],
)
def test_code_is_told_and_not_run(layer: Config, engine: Engine) -> None:
    assert told(sequential(layer), engine) == [("SEQ113", "odd")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (json.dumps({"class_name": "MyModel", "config": {"units": 3}}), "Python code of its class"),
        (json.dumps({"class_name": "Dense", "config": {"units": 3}}), "a Dense alone"),
        (json.dumps({"class_name": ["x"], "config": {"layers": []}}), "no text"),
        (sequential(7), "no layer that Keras saved"),
        (functional(called(DENSE, tensor("nobody")), outputs=[["dense", 0, 0]]), "no layer of the model"),
        (functional(called(DENSE, tensor("x", 3)), outputs=[["dense", 0, 0]]), "call 3"),
        (functional(called(DENSE, tensor("dense")), outputs=[["dense", 0, 0]]), "in a ring"),
        (functional(called(DENSE, tensor("x")), outputs=[["gone", 0, 0]]), "no layer of the model"),
        (functional(called(DENSE, tensor("x")), outputs=7), "no outputs of its layers"),
        (functional({**DENSE, "name": "dense"}, outputs=[["x", 0, 0]]), "nothing flows into it"),
        (functional({**DENSE, "name": "dense", "inbound_nodes": 3}, outputs=[["x", 0, 0]]), "are no list"),
        (
            functional({**DENSE, "name": "dense", "inbound_nodes": [[]]}, outputs=[]),
            "nothing flows into one of its calls",
        ),
        (functional(called(DENSE, tensor("x")), called(DENSE, tensor("x")), outputs=[]), "same name"),
        (functional(called(DENSE, [[tensor("x")], [tensor("x")]]), outputs=[]), "grouped"),
        (functional(called(DENSE, {"a": tensor("x")}), outputs=[]), "grouped"),
        (functional(called(DENSE, tensor(None)), outputs=[["dense", 0, 0]]), "comes from no layer"),
        (functional(called(DENSE, tensor("x", -1)), outputs=[["dense", 0, 0]]), "comes from no layer"),
    ],
)
def test_words_that_do_not_fit_together(text: str, words: str, engine: Engine) -> None:
    found = report(text, engine).diagnostics
    assert [item.code for item in found if words in item.message][:1] == ["SEQ011"], found


def test_a_chain_written_backwards_is_put_in_order_soon(engine: Engine) -> None:
    count = 3_000
    layers = [
        called(
            {
                "module": "keras.layers",
                "class_name": "Dropout",
                "config": {"name": f"d{number}", "rate": 0},
            },
            tensor(f"d{number - 1}" if number else "x"),
        )
        for number in range(count)
    ]
    start = time.process_time()
    found = report(functional(*reversed(layers), outputs=[[f"d{count - 1}", 0, 0]]), engine)
    assert time.process_time() - start < 20
    assert [row.name for row in found.rows] == ["x", *(f"d{number}" for number in range(count))]


def test_a_hundred_thousand_levels(engine: Engine) -> None:
    depth = 100_000
    text = '{"class_name": "Sequential", "config": ' + "[" * depth + "]" * depth + "}"
    found = report(text, engine)
    assert [item.code for item in found.diagnostics] == ["SEQ006"]


def test_models_in_models_that_double_stay_within_the_limit(engine: Engine) -> None:
    inner: Config = {**DENSE, "config": {"name": "dense", "units": 4}}
    text = functional(called(inner, tensor("x")), outputs=[["dense", 0, 0]])
    for level in range(10):
        model = json.loads(text)
        model["config"]["name"] = f"m{level}"
        nodes = [{"args": [tensor("x")], "kwargs": {}}, {"args": [tensor(f"m{level}")], "kwargs": {}}] * 3
        calls = {**model, "name": f"m{level}", "inbound_nodes": nodes}
        text = functional(calls, outputs=[[f"m{level}", 6, 0]])
    start = time.process_time()
    found = inspect_bytes("model.json", text.encode(), engine=engine, limits=Limits(layers=5_000))
    assert time.process_time() - start < 20
    assert "SEQ006" in [item.code for item in found.diagnostics]


def test_an_archive_is_reported_by_its_own_name(tmp_path: Path, engine: Engine) -> None:
    path = tmp_path / "model.keras"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", sequential(foreign("evil_module", "Evil")))
        archive.writestr("model.weights.h5", b"no weights")
    found = inspect(path, engine=engine)
    assert found.path == str(path)
    assert [item.code for item in found.diagnostics] == ["SEQ121"]


def test_no_format_prints_the_whole_line_of_a_saved_model(engine: Engine) -> None:
    layers = [{**DENSE, "config": {"name": f"d{number}", "units": 3}} for number in range(800)]
    text = sequential(*layers).replace('"d400"', '"d400", "nonsense": 5')
    assert len(text) > 70_000
    found = report(text, engine)
    assert [item.code for item in found.diagnostics] == ["SEQ103"]
    one = replace(found, rows=())
    for format_ in formats():
        printed = renderer(format_).render(Run((one,)), Surface(), Options(rows=False))
        assert len(printed) < 10_000, format_


def test_keras_stays_out_where_the_file_is_wrong(tmp_path: Path, cache: Path, engine: Engine) -> None:
    engine.catalogue()
    path = tmp_path / "model.json"
    path.write_text(json.dumps({"class_name": "MyModel", "config": {"units": 3}}))
    code = (
        "import sys\nfrom seqshape.pipeline import inspect\n"
        "report = inspect(sys.argv[1])\nassert not report.ok\n"
        "print([name for name in sys.modules if name in ('keras', 'tensorflow', 'h5py', 'numpy')])\n"
    )
    environment = {**os.environ, "SEQSHAPE_CACHE_DIR": str(cache)}
    run = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, env=environment, check=True
    )
    assert run.stdout.strip() == "[]"
