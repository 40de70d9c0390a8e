"""The nightly look at the whole: tree, signatures, every kept content and every row against what its acts left (trust.md 7)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing that is not as the ledger says: where it lies, and what is wrong."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}：{self.what}"


Progress = Callable[[str, int], None]


def run(progress: Progress = lambda stage, count: None) -> Iterator[Fault]:
    """Every fault of the node's ledger, as it is found."""
    from integrity.ledger.audit import contents, rows, trees

    yield from trees.check(progress)
    yield from contents.check(progress)
    yield from rows.check(progress)
