"""What events and files belong to: a row of any acted model, named by model and id."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q

from integrity.acts import Acted, acted_models


def visible_targets(seat: Any) -> Q:
    """Rows whose target is inside the seat's reach: each is asked of its own model's queryset (house.md 2.8)."""
    seen = Q(pk__in=[])
    for model in acted_models():
        rows = model.objects.inside(seat).order_by().filter(pk=OuterRef("target"))
        seen |= Q(target_type=model._meta.model_name) & Q(Exists(rows))
    return seen


class Targeted:
    """A row that belongs to another by `target_type` and `target`."""

    target_type: str
    target: Any

    @property
    def target_model(self) -> type[Acted] | None:
        return next((m for m in acted_models() if m._meta.model_name == self.target_type), None)

    def target_row(self, seat: Any) -> Acted | None:
        """The target, when it is inside the seat's reach."""
        model = self.target_model
        rows = model.objects.inside(seat).select_related(*model.lock_with) if model else None
        return rows.filter(pk=self.target).first() if rows is not None else None
