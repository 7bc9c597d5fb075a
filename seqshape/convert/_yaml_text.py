"""Values as YAML on one line where dims are known: what is no size is written so that it is none."""

from seqshape import core_schema, sizes, yaml_text
from seqshape.size_reader import is_like_a_size
from seqshape.tree import Json, JsonScalar, Mapping, Scalar, Sequence, Style, Value

NO_DIMS: frozenset[str] | None = None
"""Where no size can stand: names, references, types."""


def scalar_of(value: JsonScalar, dims: frozenset[str] | None = NO_DIMS) -> str:
    """A single value; beside `dims`, a text that looks like a size is written so that it is none."""
    if not isinstance(value, str):
        return yaml_text.scalar_of(value)
    named = sizes.names(value) if dims is not None else ()
    is_size = dims is not None and bool(named or value[:1].isdecimal() or value[:1] == "(")
    if dims is not None and named and set(named) <= dims:
        return yaml_text.scalar_of(value, "'", "!!str ")
    is_size = is_size and dims is not None and is_like_a_size(value, dict.fromkeys(dims))
    return yaml_text.scalar_of(value, "'" if is_size else "")


def flow_of(value: Json, dims: frozenset[str] | None = NO_DIMS) -> str:
    """A value on one line."""
    if isinstance(value, list):
        return f"[{', '.join(flow_of(item, dims) for item in value)}]"
    if isinstance(value, dict):
        pairs = (f"{scalar_of(key)}: {flow_of(item, dims)}" for key, item in value.items())
        return f"{{{', '.join(pairs)}}}"
    return scalar_of(value, dims)


def written_of(value: Value, dims: frozenset[str]) -> str:
    """A value of a file on one line, with the expressions over dims that stand in it."""
    match value:
        case Sequence():
            return f"[{', '.join(written_of(item, dims) for item in value.items)}]"
        case Mapping():
            pairs = (f"{scalar_of(key.text)}: {written_of(item, dims)}" for key, item in value.items)
            return f"{{{', '.join(pairs)}}}"
        case Scalar():
            return _scalar_written(value, dims)


def _scalar_written(value: Scalar, dims: frozenset[str]) -> str:
    if isinstance(value.value, str):
        return scalar_of(value.value, dims)
    named = sizes.names(value.text)
    if value.style in (Style.PLAIN, Style.QUOTED) and named and set(named) <= dims:
        return value.text.strip()
    if value.style is Style.PLAIN and not isinstance(value.value, str):
        try:
            same = core_schema.resolve(value.text)
        except ValueError:
            same = value.text
        if type(same) is type(value.value) and same == value.value and value.text:
            return value.text if value.text != "~" else "null"
    return scalar_of(value.value)
