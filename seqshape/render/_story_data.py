"""An explanation as JSON has it."""

from seqshape.costs import conditions
from seqshape.explanation import AxisStory, Dropped, Explanation, LayerStory, Memory, Other
from seqshape.render._beginnings import data as beginning
from seqshape.report import elements
from seqshape.tree import Json

EXPLANATION_VERSION = 1


def data(found: Explanation) -> dict[str, Json]:
    """The explanation as plain data; null stands for what is not known or not counted."""
    cost, totals = found.cost, found.report.totals
    formulas = None if found.formulas is None else found.formulas.totals
    return {
        "explanation_version": EXPLANATION_VERSION,
        "seqshape": found.report.seqshape,
        "keras": found.report.keras,
        "spec": {"path": found.report.path, "name": found.report.name},
        "batch": found.batch,
        "length": found.length,
        "layers": [_story(story) for story in found.stories],
        "totals": {
            "params": totals.params,
            "trainable_params": totals.trainable_params,
            "params_formula": None if formulas is None else str(formulas.params),
            "multiply_accumulates": None if cost is None else cost.number,
            "multiply_accumulates_formula": None
            if cost is None or cost.formula is None
            else str(cost.formula),
            "multiply_accumulates_formula_holds_where": [] if cost is None else [*conditions(cost.exact)],
            "layers_change_with": [*found.copies],
            "out_of_time": [] if cost is None else [*cost.late],
            "not_counted": [] if cost is None else [*cost.left_out],
            "not_known": [] if cost is None else [*cost.unknown],
            "memory": None if found.memory is None else _memory(found.memory, found.batch),
        },
    }


def _memory(memory: Memory, batch: int) -> Json:
    given = memory.activations
    return {
        "weight_bytes": memory.weights,
        "gradient_bytes": memory.gradients,
        "optimizer_bytes": {each.name: each.bytes for each in memory.slots},
        "activation_bytes_per_sample": given,
        "activation_bytes": None if given is None else given * batch,
    }


def _story(story: LayerStory) -> Json:
    row, formulas = story.row, story.formulas
    begun = {each.weight: beginning(each) for each in story.beginnings}
    shapes = (
        {}
        if formulas is None
        else {each.name: [str(axis) for axis in each.shape] for each in formulas.weights}
    )
    return {
        "name": row.path,
        "type": row.type,
        "line": row.place.line,
        "inputs": [{"name": word, "shape": list(tensor.shape)} for word, tensor in story.fed],
        "outputs": [
            {
                "name": output.name,
                "shape": list(output.tensor.shape),
                "dtype": output.tensor.dtype,
                "bytes_per_sample": output.bytes,
                "axes": [_axis(axis) for axis in output.axes],
            }
            for output in story.outputs
        ],
        "dropped": [_dropped(each) for each in story.dropped],
        "weights": [
            {
                "name": weight.name,
                "shape": list(weight.shape),
                "dtype": weight.dtype,
                "trainable": weight.trainable,
                "elements": elements(weight),
                "formula": [*shapes.get(weight.name, [])],
                "begins_as": begun.get(weight.name),
            }
            for weight in row.weights
        ],
        "params": row.params,
        "params_formula": None if story.total_formula is None else str(story.total_formula),
        "params_formula_holds_where": [*story.holds_where],
        "weight_bytes": row.weight_bytes,
        "work": None if story.cost is None else story.cost.to_dict(),
        "settings": [_other(other) for other in story.others],
        "settings_without_effect": [name for name, _ in story.idle],
        "alike": [*story.alike],
        "same_in_time_distributed": story.wrapped,
    }


def _dropped(gone: Dropped) -> Json:
    return {
        "input": gone.word,
        "axis": gone.axis,
        "size": gone.size,
        "goes_into_axis": gone.into,
        "as_long_as": None if gone.tied is None else {"input": gone.tied[0], "axis": gone.tied[1]},
        "summed_with": gone.weight or None,
    }


def _axis(axis: AxisStory) -> Json:
    source = axis.source
    return {
        "axis": axis.number,
        "size": axis.size,
        "kept_from": None if axis.kept is None else {"input": axis.kept[0], "axis": axis.kept[1]},
        "made_here": axis.own,
        "source": None
        if source is None
        else {
            "layer": source.layer,
            "argument": source.argument,
            "written": source.written or source.argument,
            "line": source.place.line,
        },
    }


def _other(other: Other) -> Json:
    return {
        "settings": [*other.settings],
        "outputs": [{"name": each.name, "shape": list(each.tensor.shape)} for each in other.outputs],
        "weights": [{"name": each.name, "shape": list(each.shape)} for each in other.weights],
        "params": other.params,
    }
