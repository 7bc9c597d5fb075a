"""The numbers in arguments by name, and a document in which they are dims."""

from seqshape import source, spec_reader, yaml_reader
from seqshape.limits import Limits
from seqshape.named_sizes import arguments_sizes, free_name, with_dims
from seqshape.spec import Spec, plain_arguments
from seqshape.yaml_reader import Document

TEXT = """\
dims: {H: 16}
layers:
  - {name: x, type: Input, shape: [null, 15], batch_size: 4}
  - {type: Bidirectional, layer: {type: GRU, units: 2*H, dropout: 0.5, return_sequences: true}}
  - name: tower
    repeat: 3
    layers:
      - {name: conv, type: Conv1D, filters: 8, kernel_size: [3], padding: same}
  - {name: vector, type: TextVectorization, vocabulary: [1, 2], output_mode: int}
  - {name: each, type: TimeDistributed, layer: {layers: [{type: Dense, units: 7}]}}
  - {name: add, type: Add, inputs: [x, x], call: {training: true, count: 2}}
"""


def read(text: str) -> tuple[Document, Spec]:
    decoded, problem = source.decode("x.yaml", text.encode(), 10**6)
    assert problem is None
    document, _ = yaml_reader.read(decoded, Limits())
    return document, spec_reader.read(document, {})[0]


def test_names_are_those_of_formulas() -> None:
    document, spec = read(TEXT)
    assert {name: size for name, (_, size) in arguments_sizes(spec, document).items()} == {
        "x.shape[0]": None,
        "x.shape[1]": 15,
        "x.batch_size": 4,
        "bidirectional.layer.units": 32,
        "tower.repeat": 3,
        "tower.conv.filters": 8,
        "tower.conv.kernel_size[0]": 3,
        "each.dense.units": 7,
        "add.call.count": 2,
    }


def test_a_number_becomes_a_dim() -> None:
    document, spec = read(TEXT)
    sizes = arguments_sizes(spec, document)
    places = {sizes["x.shape[0]"][0]: "A", sizes["tower.repeat"][0]: "B", sizes["each.dense.units"][0]: "C"}
    changed = with_dims(document, places, {"A": None, "B": 3, "C": 7})
    again, faults = spec_reader.read(changed, {"A": 5, "B": 2})
    assert not faults
    assert again.dims == {"H": 16, "A": 5, "B": 2, "C": 7}
    assert plain_arguments(again.entries[0].arguments)["shape"] == [5, 15]  # type: ignore[union-attr]
    assert again.entries[2].repeat == 2  # type: ignore[union-attr]


def test_what_an_alias_repeats_is_one_number() -> None:
    text = "layers:\n  - {name: a, type: Dense, units: &u 3}\n  - {name: b, type: Dense, units: *u}\n"
    document, spec = read(text)
    sizes = arguments_sizes(spec, document)
    changed = with_dims(document, {sizes["a.units"][0]: "A"}, {"A": 3})
    again = spec_reader.read(changed, {"A": 9})[0]
    assert [plain_arguments(entry.arguments) for entry in again.entries] == [{"units": 9}] * 2  # type: ignore[union-attr]


def test_a_document_without_dims_gets_them() -> None:
    document, spec = read("layers:\n  - {name: a, type: Dense, units: 3}\n")
    place = arguments_sizes(spec, document)["a.units"][0]
    assert spec_reader.read(with_dims(document, {place: "A"}, {"A": 3}), {})[0].dims == {"A": 3}


def test_wrong_dims_stay_wrong() -> None:
    document, spec = read("dims: 3\nlayers:\n  - {name: a, type: Dense, units: 3}\n")
    place = arguments_sizes(spec, document)["a.units"][0]
    assert with_dims(document, {place: "A"}, {"A": 3}) == document


def test_a_name_that_no_dim_has() -> None:
    assert free_name("x.shape[0]", ()) == "Size_x_shape_0_"
    assert free_name("x.shape[0]", ("Size_x_shape_0_",)) == "Size_x_shape_0__"
    assert free_name("größe.units", ()) == "Size_gr__e_units"
