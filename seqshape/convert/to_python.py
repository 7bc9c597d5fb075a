"""A model as a Functional program in Python, as a person would write it, formatted by Black.

Blocks become functions: one that builds a nested model, or one that a loop calls for each copy.
"""

import re

from seqshape.convert import NotWritable, Options, Subject, Written, to_keras_json
from seqshape.convert._building import program_of
from seqshape.convert._expressions import Elsewhere, Expressions, Passed, text_of
from seqshape.convert._fold import folded
from seqshape.convert._functions import Functions
from seqshape.convert._inside import Inside, models_in
from seqshape.convert._layers import Layers, world_of
from seqshape.convert._levels import INPUT
from seqshape.convert._lost import lost_in_keras
from seqshape.convert._numbering import unnamed
from seqshape.convert._program import (
    Again,
    Call,
    Item,
    Nested,
    Program,
    Value,
    calls_of,
    flowing,
    is_source,
    reads,
)
from seqshape.convert._python_check import problem_of
from seqshape.convert._python_text import CHAIN, NAME, Body, imported, listed
from seqshape.convert._references import with_output_names
from seqshape.convert._statements import Loop, Statement, last_node, read_by, statements, words_in_copies
from seqshape.convert.to_keras_json import input_arguments, input_name
from seqshape.engine.writing import Undescribed
from seqshape.graph import Node, owner_of

SUFFIXES = (".py",)
_DEEP = re.compile(r"state_\d+\Z")
"""Names of the states of stacked cells."""


def write(subject: Subject, options: Options) -> Written:
    """The model as a program that builds it and prints its summary.

    Raises:
        NotWritable: a layer cannot be said so.

    """
    import black

    if any(node.models for node in subject.graph.nodes):
        to_keras_json.write(subject, options)  # Keras does not take a model in every layer
    to_keras_json.try_long(subject, options)
    subject = with_output_names(subject)
    try:
        layers = Layers(subject, world_of(subject.spec.settings))
        subject = subject.with_spec(folded(subject, layers, rename=options.rename).spec)
        program, layers = program_of(subject), Layers(subject, layers.world)
        free = unnamed(program, layers)
        writer = _Writer(subject, program, Expressions(subject, layers), free, Functions())
        source = writer.source(options.plugins)
    except Undescribed as error:
        raise NotWritable(
            subject.graph.nodes[0].entry.place, "", f"Keras cannot write it: {error}"
        ) from error
    if (problem := problem_of(source)) is not None:
        raise NotWritable(subject.graph.nodes[0].entry.place, "", f"the program would be wrong: {problem}")
    text = black.format_str(source, mode=black.Mode(line_length=88))
    return Written(text, lost_in_keras(subject, program))


class _Writer:
    def __init__(
        self,
        subject: Subject,
        program: Program,
        expressions: Expressions,
        free: frozenset[int],
        functions: Functions,
    ) -> None:
        self._subject = subject
        self._program = program
        self._expressions = expressions
        self._free = free
        self._functions = functions
        self._loops: dict[int | str, str] = {}
        self._readers: dict[Value, list[int]] = {}
        for row, node in zip(subject.rows, subject.graph.nodes, strict=True):
            for value in reads(row):
                self._readers.setdefault(value, []).append(node.index)
        for value in program.outputs:
            self._readers.setdefault(value, []).append(len(subject.rows))
        self._called_again = {
            target
            for call in calls_of(program.items)
            for _, target in call.node.shared
            if target != call.node.index
        }

    def source(self, plugins: tuple[str, ...]) -> str:
        """The whole program, before it is formatted; `plugins` are modules that register layers."""
        main = self._functions.body()
        found = statements(self._program.items, self._program, self._free, self._readers)
        for statement in found:  # functions have their names before any variable has
            if isinstance(statement, Nested) or (isinstance(statement, Loop) and len(statement.calls) > 1):
                self._name_function(statement)
        self._body(found, main, ())
        ends = [main.values[value] for value in self._program.outputs]
        starts = [main.values[value] for value in self._program.inputs]
        name = self._subject.spec.name
        title = "" if name is None else f", name={text_of(name.replace('/', '_'))}"
        model = f"model = keras.Model(inputs={listed(starts)}, outputs={listed(ends)}{title})"
        uses = sorted(self._expressions.uses)
        head = ["import keras"]
        if uses:
            head.append(f"from keras import {', '.join(uses)}")
        head.extend(imported(plugins, tuple(self._expressions.custom)))
        parts = [*head, "", *self._settings(), *self._functions.written, *main.lines, "", model]
        if self._subject.spec.frozen:
            parts.append("model.trainable = False")
        parts += ["", 'if __name__ == "__main__":', "    model.summary()", ""]
        return self._functions.put_into("\n".join(parts))

    def _settings(self) -> list[str]:
        settings = self._subject.spec.settings
        return [
            f"keras.config.set_{name}({text_of(word.text)})"
            for name in ("floatx", "image_data_format", "dtype_policy")
            if (word := getattr(settings, name)) is not None
        ]

    def _name_function(self, statement: Nested | Loop) -> None:
        name = statement.block.name.text
        first = statement.path if isinstance(statement, Nested) else statement.calls[0].node.index
        names: tuple[str, ...] = (name,)
        if isinstance(statement, Nested):
            names = (f"build_{name}", f"build_{self._program.models[statement.path]}")
        self._loops[first] = self._functions.name(*names)

    # Statements.

    def _body(self, found: tuple[Statement, ...], body: Body, ends: tuple[Value, ...]) -> None:
        """Adds the lines of statements; `ends` are the values that are read when they are done."""
        for place, statement in enumerate(found):
            following = found[place + 1] if place + 1 < len(found) else None
            match statement:
                case Call():
                    self._call(statement, following, body, ends, None)
                case Nested():
                    self._nested(statement, following, body, ends)
                case Again():
                    self._again(statement, body.layers[statement.model], following, body, ends)
                case Loop():
                    self._loop(statement, following, body, ends)

    def _is_chained(self, value: Value, following: Statement | None, ends: tuple[Value, ...]) -> bool:
        """Whether only the next statement reads a value."""
        if following is None or value in ends:
            return False
        if isinstance(following, Loop) and value in following.outer:
            return False  # the loop's own variable takes the place of what flows in, and of nothing else
        readers = self._readers.get(value, [])
        return value in read_by(following) and max(readers, default=-1) <= last_node(following)

    def _variable(
        self,
        value: Value,
        names: tuple[str, ...],
        following: Statement | None,
        body: Body,
        ends: tuple[Value, ...],
    ) -> str:
        """The variable that holds a value from now on."""
        found = CHAIN if self._is_chained(value, following, ends) else body.fresh(*names)
        body.values[value] = found
        return found

    def _call(
        self,
        item: Call,
        following: Statement | None,
        body: Body,
        ends: tuple[Value, ...],
        ending: str | None,
    ) -> None:
        node = item.node
        expression = self._expression(item, body, ending)
        outputs = [Value(node.index, number) for number in range(len(item.row.outputs))]
        if is_source(node):
            found = body.fresh("inputs" if node.name in (CHAIN, INPUT) else node.name)
            body.values[outputs[0]] = found
            body.lines.append(f"{found} = {expression}")
            return
        names = self._names_of(node, ending)
        if len(outputs) == 1:
            body.lines.append(f"{self._variable(outputs[0], names, following, body, ends)} = {expression}")
            return
        variables = []
        for output, value in zip(item.row.outputs, outputs, strict=True):
            if value not in self._readers and value not in ends:
                variables.append("_")
                continue
            end = "" if output.name == "output" else f"_{output.name}"
            own = tuple(name + end for name in names)
            variables.append(self._variable(value, own, None, body, ends))
        if any(_DEEP.search(output.name) for output in item.row.outputs):
            expression = f"keras.tree.flatten({expression})"  # the states of each cell are a list
        body.unpack(variables, expression)

    def _names_of(self, node: Node, ending: str | None) -> tuple[str, ...]:
        """What variables of a call may be called: as its layer is, but in a loop, as the entry is."""
        own = f"{CHAIN}_output" if node.name == CHAIN else node.name
        if ending is not None:
            return (own,)
        whole = self._program.names.get(node.index)
        found = node.path.replace(".", "_") if whole is None else whole
        return (own,) if found == node.name else (found, node.path.replace(".", "_"))

    def _expression(self, item: Call, body: Body, ending: str | None) -> str:
        """The call of a layer or a function."""
        node = item.node
        shared = {
            self._subject.graph.nodes[target].path: body.layers[target]
            for _, target in node.shared
            if target in body.layers
        }
        passed = tuple(
            Passed(
                fed.parameter,
                tuple(body.values[Value(read.source, read.output)] for read in fed.tensors),
                fed.listed,
            )
            for fed in item.row.fed
        )
        if self._expressions.layers.type(node).startswith("ops."):
            return self._expressions.function(node, passed)
        owner = owner_of(node, self._subject.graph)
        if node.entry.reuse is not None:
            return self._expressions.called(body.layers[owner.index], node, passed)
        elsewhere = Elsewhere(shared, self._models(node))
        made = self._expressions.made(node, self._name(item, ending), elsewhere)
        if is_source(node):
            is_layer = self._expressions.layers.type(node) == "InputLayer"
            return f"{made}.output" if is_layer else made
        if node.index in self._called_again:
            own = tuple(f"{name}_layer" for name in self._names_of(node, ending))
            body.layers[node.index] = variable = body.fresh(*own)
            body.lines.append(f"{variable} = {made}")
            made = variable
        return self._expressions.called(made, node, passed)

    def _name(self, item: Call, ending: str | None) -> str | None:
        """The name of a layer as an expression; None where Keras gives it the right one."""
        if ending is not None:
            return ending or None
        index = item.node.index
        return None if index in self._free else text_of(self._program.names[index])

    def _nested(
        self, item: Nested, following: Statement | None, body: Body, ends: tuple[Value, ...]
    ) -> None:
        """A function that builds the model of a block, and the call of what it gives."""
        if item.path not in self._loops:
            self._name_function(item)
        inner = self._functions.body()
        for number, value in enumerate(item.inputs):
            own = input_name(item, number)
            inner.values[value] = variable = inner.fresh("inputs" if len(item.inputs) == 1 else own)
            tensor = flowing(item, number, self._subject.rows)
            inner.lines.append(f"{variable} = {self._expressions.input(input_arguments(tensor), own)}")
        self._build(item.items, inner, item.inputs, item.outputs)
        made = self._functions.builder(self._loops[item.path], self._program.models[item.path], inner.lines)
        if item.is_shared:
            body.layers[item.path] = variable = body.fresh(item.block.name.text)
            body.lines.append(f"{variable} = {made}")
            made = variable
        self._again(item, made, following, body, ends)

    def _build(
        self, items: tuple[Item, ...], body: Body, inputs: tuple[Value, ...], outputs: tuple[Value, ...]
    ) -> None:
        """The lines of a function that builds a model."""
        found = statements(items, self._program, self._free, self._readers)
        for statement in found:
            if isinstance(statement, Nested | Loop):
                self._name_function(statement)
        self._body(found, body, outputs)
        starts = listed([body.values[value] for value in inputs])
        ends = listed([body.values[value] for value in outputs])
        body.lines.append(f"return keras.Model({starts}, {ends}, name={NAME})")

    def _models(self, node: Node) -> dict[str, str]:
        """What makes the models inside a layer, by the text that stands for each in its arguments."""
        found = models_in(node, self._expressions.layers)
        return {calls: self._model(inside, node) for calls, inside in found.items()}

    def _model(self, inside: Inside, node: Node) -> str:
        """A chain as a Sequential, anything else by a function that builds it."""
        subject, layers = inside.subject, inside.layers
        if not inside.chain:
            subject = with_output_names(subject)
            layers = Layers(subject, layers.world)
            subject = subject.with_spec(folded(subject, layers, rename=False).spec)
            layers = Layers(subject, layers.world)
        expressions = Expressions(subject, layers, self._expressions.uses, self._expressions.custom)
        program = program_of(subject)
        writer = _Writer(subject, program, expressions, frozenset(), self._functions)
        if inside.chain:
            made = (
                expressions.made(each, text_of(each.name), Elsewhere({}, writer._models(each)))
                for each in inside.chain
            )
            return f"keras.Sequential([{', '.join(made)}])"
        name = self._functions.name(f"build_{node.name}")
        body = self._functions.body()
        writer._build(program.items, body, program.inputs, program.outputs)
        return self._functions.builder(name, inside.name, body.lines)

    def _again(
        self,
        item: Nested | Again,
        made: str,
        following: Statement | None,
        body: Body,
        ends: tuple[Value, ...],
    ) -> None:
        """A call of a nested model."""
        given = listed([body.values[value] for value in item.inputs])
        model = self._program.models[item.path] if isinstance(item, Nested) else item.block.name.text
        alone = following if len(item.outputs) == 1 else None  # one variable cannot hold several
        variables = [
            self._variable(value, _output_names(item, value, self._subject, model), alone, body, ends)
            if len(item.outputs) == 1 or value in self._readers or value in ends
            else "_"
            for value in item.outputs
        ]
        body.unpack(variables, f"{made}({given})")

    def _loop(self, item: Loop, following: Statement | None, body: Body, ends: tuple[Value, ...]) -> None:
        """A loop over the copies of a block, and the function that makes one of them."""
        block = item.block.name.text
        before = body.values[item.flow]
        variable = self._variable(item.result, (f"{block}_output",), following, body, ends)
        if before != variable:
            body.lines.append(f"{variable} = {before}")
        counter = "number" if item.is_numbered else "_"
        body.lines.append(f"for {counter} in range({item.number}):")
        if len(item.calls) == 1 and not item.outer:
            body.values[item.flow] = variable
            body.lines.append(
                f"    {variable} = {self._expression(item.calls[0], body, words_in_copies(item, 0))}"
            )
            body.values[item.flow] = before
            return
        name = self._copy(item, body)
        given = [variable, *(body.values[value] for value in item.outer), *["number"] * item.is_numbered]
        body.lines.append(f"    {variable} = {name}({', '.join(given)})")

    def _copy(self, item: Loop, body: Body) -> str:
        """The function that makes one copy of a block."""
        first = item.calls[0].node.index
        if first not in self._loops:
            self._name_function(item)
        inner = self._functions.body()
        readers = [call for call in item.calls if item.flow in reads(call.row)]
        flow = CHAIN if readers == [item.calls[0]] else inner.fresh("inputs")
        inner.values[item.flow] = flow
        for value in item.outer:
            inner.values[value] = inner.fresh(body.values[value])
        outer = [inner.values[value] for value in item.outer]
        for place, call in enumerate(item.calls):
            after = item.calls[place + 1] if place + 1 < len(item.calls) else None
            self._call(call, after, inner, (item.last,), words_in_copies(item, place))
        result = inner.values[item.last]
        if inner.lines[-1].startswith(f"{result} = "):
            inner.lines[-1] = f"return {inner.lines[-1].removeprefix(f'{result} = ')}"
        else:
            inner.lines.append(f"return {result}")
        parameters = ", ".join([flow, *outer, *["number"] * item.is_numbered])
        said = f"One copy of `{item.block.name.text}`."
        self._functions.add(self._loops[first], parameters, said, inner.lines)
        return self._loops[first]


def _output_names(item: Nested | Again, value: Value, subject: Subject, model: str) -> tuple[str, str]:
    """What the variable of an output of a nested model may be called."""
    own, end = item.block.name.text, ""
    if isinstance(item, Nested) and item.is_shared:
        own, model = f"{own}_output", f"{model}_output"
    if len(item.outputs) > 1:
        row = subject.rows[value.node]
        output = row.outputs[value.output].name
        end = f"_{row.name}" if output == "output" else f"_{row.name}_{output}"
    return own + end, model + end
