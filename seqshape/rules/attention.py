"""What the rules about attention share."""

COMPARING = frozenset(("Attention", "AdditiveAttention"))
"""Layers that compare queries with keys as they are."""

PROJECTING = frozenset(("MultiHeadAttention", "GroupedQueryAttention", "GroupQueryAttention"))
"""Layers that project their inputs first."""

ATTENTIONS = COMPARING | PROJECTING
