"""Many records at once is also an act: the same rules, rows and events written set-wise (house.md 2.2, speed.md)."""

from integrity.models.record.many.deciding import (
    confirm_many,
    confirmable,
    expire_many,
    publish_many,
    return_many,
    seal_many,
)
from integrity.models.record.many.entering import Entered, enter_many
from integrity.models.record.many.rows import Rows, chunks

__all__ = [
    "Entered",
    "Rows",
    "chunks",
    "confirm_many",
    "confirmable",
    "enter_many",
    "expire_many",
    "publish_many",
    "return_many",
    "seal_many",
]
