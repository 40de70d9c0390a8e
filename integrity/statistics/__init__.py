"""Statistics for leadership: a registry of blocks, and the core's own (areas add theirs in <app>/statistics.py)."""

from integrity.statistics.places import Place, by_place, place_of, places
from integrity.statistics.registry import BLOCKS, FEW, Block, Figure, Part, Row, Scope, Share, Table, block, blocks

__all__ = [
    "BLOCKS",
    "FEW",
    "Block",
    "Figure",
    "Part",
    "Place",
    "Row",
    "Scope",
    "Share",
    "Table",
    "block",
    "blocks",
    "by_place",
    "place_of",
    "places",
]
