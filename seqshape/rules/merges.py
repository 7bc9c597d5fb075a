"""What the rules about element-wise merges share."""

MERGES = frozenset(("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"))
"""Keras's layers that work element by element: of fewer axes are stretched from axis 1 on."""

OPERATIONS = frozenset(
    f"ops.{name}" for name in ("add", "subtract", "multiply", "divide", "maximum", "minimum")
)
"""Functions that work element by element: axes are compared from the last one."""
