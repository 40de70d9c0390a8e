"""Lists and single rows of every listing: one view for all, by what the listing says of itself."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse

from integrity import paging
from integrity.api import asking, hot
from integrity.api.door import Door
from integrity.api.problems import Problem
from integrity.api.schema import Schema, answer, document, listed, operation, parameter, ref
from integrity.codes import normalise_code
from integrity.listing import LISTINGS, Listing, details, items, log_personal, rows_of, values_of
from integrity.listing.base import is_public
from integrity.listing.history import as_known


class Resource(Door):
    """What lists and single rows share."""

    listing: Listing

    @classmethod
    def of(cls, name: str) -> Any:
        """The view of one listing."""
        return type(f"{cls.__name__}_{name}", (cls,), {"listing": LISTINGS[name]}).as_view()

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if self.listing.by_right and is_public(self.seat):
            raise Problem("unauthenticated", f"{self.listing.label}须带令牌查询")

    def values(self, rows: QuerySet, past: bool) -> QuerySet:
        """The rows' columns: those the seat may read, or for the past all that their history needs."""
        if past:
            return rows.values(*self.listing.columns, *self.listing.more_columns)
        return values_of(self.listing, rows, self.listing.columns_for(self.seat))

    def asked_rows(self, ask: asking.Ask) -> QuerySet:
        """The visible rows under the caller's filters."""
        return rows_of(self.listing, self.seat, ask.filters, ask.query, None if ask.recorded_as_of else ask.as_of)

    def then(self, rows: list[Any], ask: asking.Ask) -> list[Any]:
        """The rows as they were known, when the caller asks for that."""
        return as_known(self.listing, rows, self.seat, ask.recorded_as_of, ask.as_of) if ask.recorded_as_of else rows

    def described(self, method: str) -> Schema:
        """The operation for the description of the interface."""
        raise NotImplementedError

    def answer(self, data: Any, rows: list[Any]) -> HttpResponse:
        response = self.reply(data)
        if response.status_code == 200:
            log_personal(self.listing, rows, self.seat, self.purpose, self.asked)
        return response


class ListView(Resource):
    """One page of a listing, in keyset order."""

    def get(self, request: Any) -> HttpResponse:
        ask = asking.ask(self.listing, request.GET)
        if is_public(self.seat) and self.listing.public_order and not ask.narrows:
            page = hot.page(self.listing, ask.cursor, ask.limit)
        else:
            values = self.values(self.asked_rows(ask), bool(ask.recorded_as_of))
            page = paging.page(values, self.listing.order_for(self.seat), after=ask.cursor, size=ask.limit)
        found = self.then(page.rows, ask)
        data: dict[str, Any] = {
            "items": items(self.listing, found, self.seat, past=bool(ask.recorded_as_of)),
            "next": page.after or None,
        }
        if ask.count:
            data["count"], data["count_is_capped"] = paging.capped_count(self.asked_rows(ask))
        return self.answer(data, found)

    def described(self, method: str) -> Schema:
        listing = self.listing
        parameters = [parameter(name, text) for name, text in asking.parameters(listing).items()]
        page = listed(ref(listing.schema))
        return operation(f"list_{listing.name}", f"{listing.label}：列表", listing.about, parameters, answer(page))


class OneView(Resource):
    """One row by its outside key; none, hidden and ended answer alike."""

    def get(self, request: Any, key: str) -> HttpResponse:
        known = {"as_of", "recorded_as_of"} & asking.parameters(self.listing).keys()
        asking.known_only(request.GET, known)
        ask = asking.ask(self.listing, request.GET)
        rows = self.asked_rows(ask).filter(self.named(key))
        found = self.then(list(self.values(rows, bool(ask.recorded_as_of))[:1]), ask)
        if not found:
            raise Http404
        shown = (
            items(self.listing, found, self.seat, past=True)[0]
            if ask.recorded_as_of
            else details(self.listing, found[0], self.seat)
        )
        return self.answer(shown, found)

    def named(self, key: str) -> Q:
        if "\x00" in key:
            raise Http404
        if self.listing.key != "id":
            return Q(**{self.listing.key: key})
        try:
            return Q(pk=uuid.UUID(key))
        except ValueError:
            if "code" not in self.listing.columns or len(code := normalise_code(key)) != 18:
                raise Http404 from None
            return Q(code=code)

    def described(self, method: str) -> Schema:
        listing = self.listing
        key = "编号、代码或者 uid" if listing.key != "id" else "uid；主体也可用统一社会信用代码"
        known = asking.parameters(listing)
        parameters = [parameter("key", key, place="path")]
        parameters += [parameter(name, known[name]) for name in ("as_of", "recorded_as_of") if name in known]
        one = answer(ref(listing.schema))
        return operation(f"get_{listing.name}", f"{listing.label}：单条", listing.about, parameters, one, "not-found")


class Description(Door):
    """openapi.json."""

    def get(self, request: Any) -> HttpResponse:
        asking.known_only(request.GET, ())
        return self.reply(document())

    def described(self, method: str) -> Schema:
        return operation("get_description", "接口说明：OpenAPI 3.0", "本文件。", [], answer({"type": "object"}))
