"""What `explain` says, in sentences: the same for the terminal and for Markdown.

Written for somebody who has never seen the layer: what goes in and comes out first, then why.
"""

from collections.abc import Iterable, Iterator
from itertools import islice

from seqshape.algebra import Polynomial
from seqshape.costs import BATCH, LayerCost, conditions
from seqshape.engine.tensors import Tensor, Weight
from seqshape.explanation import AxisStory, Dropped, Explanation, LayerStory, Other, OutputStory, Source
from seqshape.frozen import frozen
from seqshape.render._beginnings import begun
from seqshape.report import elements
from seqshape.wording import bytes_text, count, leads, listed, shape, times

LEGEND = (
    "A multiply-accumulate is one multiplication and the addition that goes with it. Products of matrices "
    "and convolutions are counted; work on single numbers, such as an activation or a sum, is not."
)

_MOST_CONDITIONS = 6


@frozen
class Section:
    """A heading with sentences under it, each on lines of its own, and a table before them."""

    title: str
    lines: tuple[str, ...]
    header: tuple[str, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()


def sections(story: LayerStory, known: dict[str, int]) -> Iterator[Section]:
    """All that is said of a layer; `known` are the sizes of the dims."""
    yield Section("", tuple(_flow(story, known)))
    for output in story.outputs:
        name = f" {output.name}" if len(story.outputs) > 1 else ""
        yield Section(f"Output{name} {shape(output.tensor.shape)}", tuple(_axes(output, story)))
    if story.row.weights:
        yield _weights(story)
    elif story.row.shares is not None:
        yield Section("Weights", (f"those of `{story.row.shares}`, which are counted there",))
    if story.row.fed:
        yield Section("Work and memory for one sample", tuple(_work(story, known)))
    settings = tuple(_settings(story))
    if settings:
        yield Section("Other settings", settings)


# What flows.


def _flow(story: LayerStory, known: dict[str, int]) -> Iterator[str]:
    if story.alike:
        yield f"All of this holds of {listed(story.alike, 'and')} too."
    out = _amounts([(output.name, output.tensor) for output in story.outputs])
    if not story.fed:
        yield f"What goes into the model: for each sample {out}."
        return
    given = tuple(dict.fromkeys(story.fed))
    into = _amounts(list(given))
    goes, comes = ("goes" if into == "one number" else "go", "comes" if out == "one number" else "come")
    yield f"For each sample {into} {goes} in, {out} {comes} out."
    step = next((each for each in story.cost.per_step if each.axis == 1), None) if story.cost else None
    if step is None or not story.row.weights or len(given[0][1].shape) != 3:
        return
    often = _number(step.steps, known)
    steps = f"each of the {often:,} steps" if often is not None else "each step"
    yield f"The same weights serve {steps} of axis 1: how many steps there are changes no count of weights."
    memory = [weight for weight in story.row.weights if weight.name.endswith("recurrent_kernel")]
    if memory:
        names = listed((weight.name for weight in memory), "and")
        yield (
            "The steps are gone through one after another, as one reads letters: what was worked out at "
            f"a step, {count(memory[0].shape[0], 'number')} called the state, goes into the next one "
            f"through {names}."
        )


def _amounts(tensors: list[tuple[str, Tensor]]) -> str:
    """What some tensors hold for a sample, each with its name where they are several."""
    if len(tensors) == 1:
        return _amount(tensors[0][1])
    *before, last = (f"{_amount(tensor)} (`{name}`)" for name, tensor in tensors)
    return f"{', '.join(before)} and {last}"


def _amount(tensor: Tensor) -> str:
    """What a tensor holds for a sample: `64 steps of 15 numbers`."""
    sizes = ["any number" if size is None else f"{size:,}" for size in tensor.shape[1:]]
    if not sizes:
        return "one number"
    if len(sizes) == 1:
        return {"1": "one number", "any number": "any number of values"}.get(
            sizes[0], f"{sizes[0]} numbers"
        )
    if len(sizes) == 2:
        steps = "any number of steps" if tensor.shape[1] is None else count(tensor.shape[1], "step")
        return f"{steps} of {sizes[1]} number{'' if sizes[1] == '1' else 's'}"
    return f"{' × '.join(size.replace('any number', '?') for size in sizes)} numbers"


# Axes.


def _axes(output: OutputStory, story: LayerStory) -> Iterator[str]:
    for axis in output.axes:
        yield f"axis {axis.number}, {_size(axis)}: {_origin(axis, story)}"
    if output is story.outputs[0]:
        for gone in story.dropped:
            yield _gone_in(gone)


def _gone_in(gone: Dropped) -> str:
    size = "?" if gone.size is None else f"{gone.size:,}"
    said = f"axis {gone.axis} of `{gone.word}`, {size},"
    if gone.tied is not None:
        word, axis = gone.tied
        return f"{said} falls together with axis {axis} of `{word}`: both have to be equally long"
    if gone.into is not None:
        return f"{said} goes into axis {gone.into} of what comes out"
    has = "a row" if gone.weight_axis == 0 else "numbers"
    why = f": `{gone.weight}` has {has} for each of its entries, and they are summed" if gone.weight else ""
    return f"{said} goes in and does not come out{why}"


def _size(axis: AxisStory) -> str:
    if axis.size is None:
        return "batch" if axis.number == 0 else "of any size"
    return f"{axis.size:,}"


def _origin(axis: AxisStory, story: LayerStory) -> str:
    if axis.number == 0:
        return "one entry for each sample"
    source = axis.source
    if axis.own:
        return "made here" + (f" by {_argument(source)}" if source is not None else "")
    said = (
        f"kept from axis {axis.kept[1]} of `{axis.kept[0]}`"
        if axis.kept
        else "worked out from what goes in"
    )
    if source is None or source.layer == story.row.title:
        return said
    line = f", line {source.place.line}" if leads(source.place) else ""
    return f"{said}; its size stands in `{source.layer}`{line}: {_argument(source)}"


def _argument(source: Source) -> str:
    """An argument as the file has it, and its value: `` `units: 2*H`, which is 32 ``."""
    if not source.written:
        return f"`{source.argument}`"
    return f"`{source.written}`, which is {source.argument.partition(': ')[2]}"


# Weights.


def _weights(story: LayerStory) -> Section:
    """Each weight with its formula, and the sum."""
    found = story.formulas
    formulas = {} if found is None else {each.name: each for each in found.weights}
    symbolic = any(axis.names() for each in formulas.values() for axis in each.shape)
    rows = []
    for weight in story.row.weights:
        axes = formulas[weight.name].shape if weight.name in formulas else ()
        formula = " × ".join(f"({axis})" if len(axis.terms) > 1 else str(axis) for axis in axes)
        row = (weight.name, times(weight.shape), f"{elements(weight):,}", weight.dtype)
        rows.append((*row, formula) if symbolic else row)
    terms = " + ".join(f"{elements(weight):,}" for weight in story.row.weights)
    total = (
        f"{terms} = {story.row.params:,} parameters"
        if len(rows) > 1
        else f"{story.row.params:,} parameters"
    )
    lines = [total]
    if story.total_formula is not None:
        lines.append(f"as a formula: {story.total_formula}{_where(story.holds_where)}")
    lines.extend(begun(story.beginnings))
    fixed = [weight.name for weight in story.row.weights if not weight.trainable]
    if fixed:
        lines.append(f"not trained: {listed(fixed, 'and')}")
    header = ("weight", "shape", "numbers", "dtype", *(("shape as a formula",) if symbolic else ()))
    return Section("Weights", tuple(lines), header, tuple(rows))


# Work.


def _work(story: LayerStory, known: dict[str, int]) -> Iterator[str]:
    if story.cost is not None:
        yield from _products(story, story.cost, known)
    if story.row.weights:
        yield f"weights: {bytes_text(story.row.weight_bytes)}, however many samples there are"
    sizes = [output.bytes for output in story.outputs]
    total = None if None in sizes else sum(size for size in sizes if size is not None)
    yield (
        f"output: {bytes_text(total)}"
        if total is not None
        else "output: as long as what goes in; --length says how long"
    )


def _products(story: LayerStory, cost: LayerCost, known: dict[str, int]) -> Iterator[str]:
    if cost.problem:
        yield f"multiply-accumulates: not known: {cost.problem}"
        return
    if cost.none:
        yield "multiply-accumulates: not counted: there is no product of matrices and no convolution in it"
    else:
        yield from _counted(story, cost, known)
    if cost.uncounted:
        yield f"also in it, and not counted: {', '.join(cost.uncounted)}"


def _counted(story: LayerStory, cost: LayerCost, known: dict[str, int]) -> Iterator[str]:
    step = cost.per_step[0] if cost.per_step else None
    each = None if step is None else _number(step.each, known)
    often = None if step is None else _number(step.steps, known)
    if step is not None and each is not None:
        if cost.number is not None and often is not None:
            where = f"each of the {often:,} steps of axis {step.axis}"
            yield f"{each:,} multiply-accumulates at {where}: {each:,} × {often:,} = {cost.number:,}"
        else:
            yield f"{each:,} multiply-accumulates at each step of axis {step.axis}"
    elif cost.number is not None:
        yield f"{cost.number:,} multiply-accumulates"
    matrices = [
        weight for weight in story.row.weights if len(weight.shape) > 1 and "bias" not in weight.name
    ]
    size = sum(map(elements, matrices))
    one = each if each is not None else cost.number
    if matrices and size == one:
        several = f"the {len(matrices)} matrices"
        names = listed((each.name for each in matrices), "and") if len(matrices) < 3 else several
        where = f"once at each step: {often:,} times" if often is not None else "once at each step"
        where = where if step is not None else "once"
        yield f"each of the {size:,} numbers in {names} is multiplied {where}"
    if cost.formula is not None and cost.formula.names() - {BATCH}:
        yield f"for a whole batch as a formula: {cost.formula}{_where(conditions(cost.exact))}"


def _where(conditions: Iterable[str]) -> str:
    """For which sizes a formula is right, where that is not for all."""
    found = tuple(conditions)
    return f", right where {' and '.join(found)}" if found else ""


def _number(formula: Polynomial, known: dict[str, int]) -> int | None:
    return int(formula.evaluate(known)) if formula.names() <= known.keys() else None


# Settings.


def _settings(story: LayerStory) -> Iterator[str]:
    for other in story.others:
        about = f". Keras: {other.about}" if other.about else ""
        yield f"`{_written(other.settings)}`: {'; '.join(_differences(other, story))}{about}"
    for name, about in story.idle:
        said = f". Keras: {about}" if about else ""
        yield f"`{name}`, true or false: the same shapes and parameters{said}"
    if story.wrapped:
        steps = story.fed[0][1].shape[1]
        each = "at each step alike" if steps is None else f"at each of the {steps:,} steps alike"
        yield (
            f"a Dense works on the last axis only, {each}: TimeDistributed with this Dense in it gives the "
            f"same shape and has the same {story.row.params:,} parameters"
        )


def _written(settings: tuple[str, ...]) -> str:
    """`merge_mode: sum, mul or ave`."""
    values: dict[str, list[str]] = {}
    for each in settings:
        name, _, value = each.partition(": ")
        values.setdefault(name, []).append(value)
    return " or ".join(
        f"{name}: {', '.join(found[:-1])}{' or ' if found[:-1] else ''}{found[-1]}"
        for name, found in values.items()
    )


def _differences(other: Other, story: LayerStory) -> Iterator[str]:
    now = {output.name: output.tensor for output in story.row.outputs}
    new = {output.name: output.tensor for output in other.outputs}
    if len(now) == len(new) == 1:
        (before,), (after,) = now.values(), new.values()
        if before.shape != after.shape:
            yield f"output {shape(after.shape)} in place of {shape(before.shape)}{_gone(before, after)}"
        if before.dtype != after.dtype:
            yield f"{after.dtype} in place of {before.dtype}"
    elif now != new:
        named = ", ".join(f"{name} {shape(tensor.shape)}" for name, tensor in new.items())
        yield f"{count(len(new), 'output')}: {named}"
    if other.weights != story.row.weights:
        yield from _weight_differences(other, story)


def _gone(before: Tensor, after: Tensor) -> str:
    if len(before.shape) == len(after.shape) + 1 == 3 and before.shape[1] is not None:
        return f", one result for all {before.shape[1]:,} steps"
    if len(after.shape) == len(before.shape) + 1 == 3 and (after.shape[1] or 0) > 1:
        return f", a result for each of the {after.shape[1]:,} steps"
    return ""


def _weight_differences(other: Other, story: LayerStory) -> Iterator[str]:
    now = {weight.name: weight for weight in story.row.weights}
    new = {weight.name: weight for weight in other.weights}
    said = [
        _changed(now[name], new[name]) for name in now if name in new and now[name].shape != new[name].shape
    ]
    if gone := [name for name in now if name not in new]:
        said.append(f"there is no {listed(gone)}")
    if come := [f"`{name}`, {times(new[name].shape)}" for name in new if name not in now]:
        said.append(f"there is also {', and '.join(come)}")
    if other.params != story.row.params:
        why = f", since {', '.join(said)}" if said else ""
        yield f"{other.params:,} parameters in place of {story.row.params:,}{why}"
    elif said:
        yield ", ".join(said)


def _changed(now: Weight, new: Weight) -> str:
    """`bias` has one row of 48 in place of 2."""
    if len(now.shape) == 2 and now.shape[1:] == new.shape:
        return f"`{now.name}` has one row of {new.shape[0]:,} in place of {now.shape[0]:,}"
    if len(new.shape) == 2 and new.shape[1:] == now.shape:
        return f"`{now.name}` has {new.shape[0]:,} rows of {now.shape[0]:,} in place of one"
    return f"`{now.name}` is {times(new.shape)} in place of {times(now.shape)}"


# Sums.


def totals(found: Explanation) -> Iterator[Section]:
    """What is said of the whole spec."""
    sums, memory, cost = found.report.totals, found.memory, found.cost
    assert memory is not None
    assert cost is not None
    lines = [f"{sums.params:,} parameters, {sums.trainable_params:,} of them trained"]
    formulas = None if found.formulas is None else found.formulas.totals
    if formulas is not None and formulas.params.names():
        lines.append(f"as a formula: {formulas.params}")
    if found.formulas is not None:
        held = dict.fromkeys(map(str, (*found.formulas.conditions, *found.formulas.assumed)))
        lines += [f"the formulas hold where {each}" for each in islice(held, _MOST_CONDITIONS)]
    yield Section("The whole model", tuple(lines))
    yield Section("Work", tuple(_total_work(found)))
    rows = [
        ("weights", bytes_text(memory.weights)),
        ("gradients, where it is trained", bytes_text(memory.gradients)),
    ]
    rows += [
        (f"kept by {each.name} for training", "not known" if each.bytes is None else bytes_text(each.bytes))
        for each in memory.slots
    ]
    label = "what all layers give, a sample"
    if memory.activations is None:
        rows.append((label, "not known without a length: --length 200"))
    else:
        rows.append((label, bytes_text(memory.activations)))
        if found.batch > 1:
            rows.append(
                (f"the same for a batch of {found.batch:,}", bytes_text(memory.activations * found.batch))
            )
    yield Section("Memory", (), ("", ""), tuple(rows))


def _total_work(found: Explanation) -> Iterator[str]:
    cost = found.cost
    assert cost is not None
    if cost.late:
        yield "multiply-accumulates: not known: there was no time left to count all of them"
    elif not cost.formula and not cost.number:
        yield "multiply-accumulates: not counted: there is no product of matrices and no convolution in it"
    elif cost.number is not None:
        yield f"{cost.number:,} multiply-accumulates for a sample"
        if found.batch > 1:
            yield f"{cost.number * found.batch:,} for a batch of {found.batch:,}"
    elif cost.formula is not None:
        yield "for a sample: not known without a length: --length 200"
    if cost.formula is not None and cost.formula.names() - {BATCH}:
        yield f"for a whole batch as a formula: {cost.formula}{_where(conditions(cost.exact))}"
    if found.copies:
        dims = listed(found.copies, "and")
        yield f"there is no formula for the whole: the number of layers changes with {dims}"
    if cost.late:
        yield f"not in it, since counting ended after a minute: {listed(cost.late, 'and')}"
    if cost.left_out:
        yield f"not in it, since they multiply no matrices: {listed(cost.left_out, 'and')}"
    if cost.unknown:
        yield f"not all of it is known of: {listed(cost.unknown, 'and')}"
    yield LEGEND
