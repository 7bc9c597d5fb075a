"""What would come of a change is what comes of the text with it: shapes, refusals, steps of unknown number."""

from seqshape.engine import Engine
from seqshape.places import Place
from seqshape.repairs.interface import Case
from seqshape.repairs.what_if import Overlay, Planned, Tap
from tests.repair_search.asking import the_case, trial_of

STACK = """
layers:
  - {name: x, type: Input, shape: [9, 4]}
  - {name: low, type: GRU, units: 3}
  - {name: norm, type: LayerNormalization}
  - {name: high, type: GRU, units: 5}
"""
MERGE = """
layers:
  - {name: x, type: Input, shape: [null, 4]}
  - {name: a, type: LSTM, units: 3, return_state: true}
  - {name: b, type: Dense, units: 6, inputs: x}
  - {name: sum, type: Add, inputs: [x, b]}
"""


def case(text: str, engine: Engine) -> Case:
    found = the_case(trial_of(text, engine))
    assert found is not None
    return found


def place(found: Case, name: str) -> Place:
    return next(node.entry.place for node in found.graph.nodes if node.name == name)


def test_as_it_is_the_call_is_refused(engine: Engine) -> None:
    found = case(STACK, engine)
    outcome = found.outcome(Overlay())
    shapes = outcome.shapes()
    assert shapes is not None
    assert [shape[1:] for shape in shapes] == [(3,)]
    assert not found.reached(outcome, Overlay())


def test_another_layer_upstream(engine: Engine) -> None:
    """The layer between is asked again, with what flows into it then."""
    found = case(STACK, engine)
    layer = {"type": "GRU", "units": 7, "return_sequences": True}
    overlay = Overlay(layers={place(found, "low"): layer})
    outcome = found.outcome(overlay)
    assert [shape[1:] for shape in outcome.shapes() or ()] == [(9, 7)]
    assert found.reached(outcome, overlay)


def test_a_layer_that_keras_refuses_gives_nothing(engine: Engine) -> None:
    found = case(STACK, engine)
    outcome = found.outcome(Overlay(layers={place(found, "low"): {"type": "GRU", "units": -1}}))
    assert outcome.given is None
    assert outcome.shapes() is None


def test_an_entry_that_lets_everything_through(engine: Engine) -> None:
    found = case(STACK, engine)
    outcome = found.outcome(Overlay(passed=frozenset((place(found, "low"),))))
    assert [shape[1:] for shape in outcome.shapes() or ()] == [(9, 4)]


def test_another_plan_of_inputs(engine: Engine) -> None:
    found = case(STACK, engine)
    plan = (Planned(None, (Tap(node=0),), listed=False),)
    overlay = Overlay(plans={place(found, "high"): plan})
    assert [shape[1:] for shape in found.outcome(overlay).shapes() or ()] == [(9, 4)]
    assert found.reached(found.outcome(overlay), overlay)


def test_layers_in_between(engine: Engine) -> None:
    found = case(STACK, engine)
    through = ('{"type": "RepeatVector", "n": 2}', '{"type": "Dense", "units": 8}')
    plan = (Planned(None, (Tap(through=through),), listed=False),)
    outcome = found.outcome(Overlay(plans={place(found, "high"): plan}))
    assert [shape[1:] for shape in outcome.shapes() or ()] == [(2, 8)]


def test_a_tap_that_leads_nowhere(engine: Engine) -> None:
    found = case(STACK, engine)
    for tap in (Tap(feed=1), Tap(position=1), Tap(output=1), Tap(through=('{"type": "Conv2D"}',))):
        plan = (Planned(None, (tap,), listed=False),)
        assert found.outcome(Overlay(plans={place(found, "high"): plan})).given is None


def test_changes_together(engine: Engine) -> None:
    found = case(MERGE, engine)
    narrow = Overlay(layers={place(found, "b"): {"type": "Dense", "units": 4}})
    both = narrow | Overlay(passed=frozenset((place(found, "b"),)))
    assert both.layers == narrow.layers
    assert both.passed == {place(found, "b")}
    assert found.reached(found.outcome(narrow), narrow)


def test_unknown_steps_have_a_size_that_is_kept(engine: Engine) -> None:
    """So that two unknown lengths are two, and what depends on one is seen."""
    found = case(MERGE, engine)
    shapes = found.outcome(Overlay()).shapes()
    assert shapes is not None
    assert shapes[0][1] == shapes[1][1] is not None
    wide = Overlay(layers={place(found, "x"): {"type": "Input", "shape": [None, 6]}})
    changed = found.outcome(wide).shapes()
    assert changed is not None
    assert (changed[0][1], changed[0][2]) == (shapes[0][1], 6)


def test_a_layer_alone(engine: Engine) -> None:
    found = case(MERGE, engine)
    tensor = found.what_if.outputs_of(0)[0].tensor
    assert found.what_if.alone({"type": "Dense", "units": 2}, tensor)[0].tensor.shape[-1] == 2
    assert found.what_if.alone({"type": "Conv3D", "filters": 2, "kernel_size": 1}, tensor) == ()


def test_the_layer_and_outputs_of_a_node(engine: Engine) -> None:
    found = case(MERGE, engine)
    lstm = found.graph.nodes[1]
    assert found.what_if.layer(lstm) == {"type": "LSTM", "units": 3, "return_state": True}
    assert [output.name for output in found.what_if.outputs_of(1)] == ["output", "state_h", "state_c"]
    assert found.what_if.outputs_of(found.goal.node) == ()
