"""The faults of a saved model that have one cause."""

from seqshape.faults import BadModel, Fault, ForeignClass, LeftOut, MissingKey, UnknownArgument
from seqshape.places import Place
from seqshape.saved_faults import told_once


def place(column: int) -> Place:
    return Place(1, column, 1, column + 1)


def foreign(column: int, layer: str, type_: str, *, function: bool = False) -> ForeignClass:
    return ForeignClass(place(column), layer, type_, "", of_keras=True, is_function=function)


def test_a_class_is_told_once_with_all_its_layers() -> None:
    faults = [foreign(1, "a", "Odd"), foreign(2, "b", "Other"), foreign(3, "c", "Odd")]
    found = told_once(faults)
    assert [(each.layer, each.others) for each in found if isinstance(each, ForeignClass)] == [
        ("a", ("c",)),
        ("b", ()),
    ]


def test_functions_of_tensorflow_are_told_once_whatever_their_classes() -> None:
    faults = [
        foreign(1, "a", "TFOpLambda", function=True),
        foreign(2, "b", "SlicingOpLambda", function=True),
    ]
    assert [each.place.column for each in told_once(faults)] == [1]


def test_arguments_that_are_left_out_are_told_once() -> None:
    faults: list[Fault] = [
        LeftOut(place(each), f"l{each}", "rng_type", "RandomFlip") for each in range(1, 5)
    ]
    assert told_once(faults) == [LeftOut(place(1), "l1", "rng_type", "RandomFlip", more=3)]


def test_a_few_wrong_arguments_stay_as_they_are() -> None:
    faults: list[Fault] = [UnknownArgument(place(1), "a", "unit", "Dense", ("units",), ())]
    faults += [MissingKey(place(each), f"l{each}", "units", "Dense") for each in (2, 3)]
    assert told_once(faults) == faults


def test_wrong_arguments_of_many_layers_are_those_of_another_keras() -> None:
    faults: list[Fault] = [MissingKey(place(each), f"l{each}", "units", "Dense") for each in range(1, 6)]
    faults.append(LeftOut(place(9), "l1", "output_dim", "Dense"))
    (found,) = told_once(faults)
    assert isinstance(found, BadModel)
    assert "5 layers" in found.problem
    assert "`l1`" in found.problem
