"""Formulas over named sizes: exact polynomials, floor quotients, and how they are found from values.

Nothing here knows specs, layers or Keras: a quantity is a function from sizes to whole numbers that is
asked until its formula is known. The polynomials are our own: only `+ - * //`, substitution and exact
interpolation are wanted, for which SymPy would take half a second to import and 80 MB on disk.
"""

from seqshape.algebra.polynomial import Polynomial, Quotient, Symbol, constant, quotient, symbol, total

__all__ = ["Polynomial", "Quotient", "Symbol", "constant", "quotient", "symbol", "total"]
