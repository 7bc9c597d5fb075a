"""Broken specs with the repairs that a good engineer would accept, and correct specs that are near to them."""
