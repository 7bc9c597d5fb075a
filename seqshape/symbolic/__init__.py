"""Shapes and counts as formulas over a spec's sizes, found by asking Keras at other sizes.

Each call is asked by itself, with other sizes for what flows in and for its arguments, until a formula is
known for every axis that comes out and for every axis of its weights; counts are products of those. Equal
calls are asked once. No formula of any layer is written down here.
"""

from seqshape.symbolic.costing import costs
from seqshape.symbolic.whole import Built, Resized, Solved, formulas, solved

PATIENCE = 60.0
"""Seconds that looking for the formulas of one spec may take, and as many for what its calls multiply."""

__all__ = ["PATIENCE", "Built", "Resized", "Solved", "costs", "formulas", "solved"]
