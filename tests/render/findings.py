"""Reports made by hand, so that what formats print hangs on no wording of a rule and on no Keras."""

from seqshape.edits import Edit
from seqshape.places import TOP, Place
from seqshape.report import Cause, Comparison, Diagnostic, Fix, Related, ReportData, Run

FUSION = Comparison(
    (("encoder_output", (None, 32, 32, 16)), ("sequence", (None, 16, 32, 1))),
    (1,),
)


def report(
    path: str, *items: Diagnostic, name: str | None = None, lines: tuple[str, ...] = ()
) -> ReportData:
    """A report of these diagnostics; `lines` are the file's first ones."""
    return ReportData(
        "0.1.0", "3.15.1", path, name, (), items, dict(enumerate(lines, start=1)), asked=bool(items)
    )


def finding(
    code: str = "SEQ201",
    severity: str = "error",
    message: str = "the shapes differ",
    layer: str | None = "fusion",
    place: Place = TOP,
) -> Diagnostic:
    """A diagnostic with no more than what each has."""
    return Diagnostic(code, severity, message, layer, place)


MISMATCH = report(
    "specs/cnn_rnn_fusion_mismatch.yaml",
    Diagnostic(
        code="SEQ201",
        severity="error",
        message="Concatenate(axis=3) needs its inputs equal on every other axis: "
        "axis 1 is 32 in `encoder_output` and 16 in `sequence`",
        layer="fusion",
        place=Place(3, 5, 3, 79),
        help="give `target_shape` 32 steps",
        keras="A `Concatenate` layer requires inputs with matching shapes except for the "
        "concatenation axis.\nReceived: input_shape=[(None, 32, 32, 16), (None, 16, 32, 1)]",
        related=(
            Related(
                "axis 1 of `sequence` is 16 since `sequence_in` (Reshape, line 2): target_shape: [16, 1024]",
                Place(2, 50, 2, 60),
            ),
        ),
        compared=FUSION,
        cause=Cause("sequence_in", "target_shape", Place(2, 50, 2, 60)),
        fixes=(
            Fix(
                "set `target_shape: [32, 512]` on `sequence_in`",
                (Edit(Place(2, 50, 2, 60), "[32, 512]"),),
                1,
            ),
            Fix(
                "insert Cropping2D before `fusion` | once",
                (
                    Edit(Place(3, 1, 3, 1), "  - {name: crop, type: Cropping2D}\n"),
                    Edit(Place(3, 60, 3, 74), "crop"),
                ),
            ),
        ),
        search="whole",
    ),
    Diagnostic(
        code="SEQ118",
        severity="note",
        message="nothing here is silenced by `SEQ207`",
        layer=None,
        place=Place(3, 5, 3, 9),
        help="leave the ignore out",
    ),
    name="cnn-rnn-fusion-mismatch",
    lines=(
        "layers:",
        "  - {name: sequence_in, type: Reshape, target_shape: [16, 1024]}",
        "  - {name: fusion, type: Concatenate, axis: 3, inputs: [encoder_output, sequence]}",
    ),
)
ODD = report(
    "spécs/100% odd, a:b/model\x1b[31m [1].yaml",
    Diagnostic(
        code="SEQ204",
        severity="warning",
        message="`a|b` and `<c>` meet in *Add*: [see](https://example.com) ]]> & more::error ::",
        layer="sum\x1b[2J\u202e漢字",
        place=Place(2, 11, 4, 3),
        compared=Comparison(
            (("漢字 & `a|b`", (None, 16)), ("<c>\x07", (None, None, 1024, "T")), ("ρ", ())), (1, 3)
        ),
        help="100% sure\nof ``` nothing",
    ),
    Diagnostic(
        code="SEQ207",
        severity="error",
        message="the window of 5 is larger than the 3 steps that come in",
        layer="conv",
        place=Place(7, 3, 7, 12),
        related=(Related("`pool` leaves 3 steps", Place(4, 3, 4, 9)), Related("of 12", Place(3, 1, 3, 1))),
    ),
    lines=("layers:", "  - name: \u202esum", "    type: Add", "    inputs: [a, b]"),
)
STDIN = report("<stdin>", Diagnostic("SEQ001", "error", "the file ends in a list", None, TOP))
ABSOLUTE = report("/work space/ü.yaml", finding("SEQ118", "note", "an ignore is of no use", None))
CLEAN = report("specs/char_gru_dense.yaml", name="char-gru")
RUN = Run((ABSOLUTE, STDIN, CLEAN, MISMATCH, ODD), several=True, passed_over=4)
