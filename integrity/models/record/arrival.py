"""Records between nodes: received, renewed and relayed from a lower one, sent again to the upper one (domain.md 7)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

from integrity.acts import act
from integrity.models.record.ending import EndingActs
from integrity.models.record.going import Exchange

SENT_STATES = ("CONFIRMED", "REPAIRED", "REVOKED", "EXPIRED")


class ArrivalActs(EndingActs):
    """What a peer's batch does to a record here, and what makes a record go up once more."""

    class Meta:
        abstract = True

    @property
    def goes_up(self) -> bool:
        """Whether the catalogue, or for some kinds the managing authority, lets this record go to the upper node."""
        known = bool(self.confirmed_at or self.origin)
        return known and (self.spec.up == "yes" or (self.spec.up == "by_mgmt" and bool(self.send_up)))

    @property
    def exchange(self) -> Exchange:
        """How far this record has come on its way up."""
        if not hasattr(self, "exchange_state"):
            self.exchange_state = (
                type(self).objects.with_exchange().values_list("exchange_state", flat=True).get(pk=self.pk)
            )
        return Exchange(self.exchange_state)

    def get_exchange_display(self) -> str:
        return str(self.exchange.label)

    def refuses(self, spec: Any, by: Any) -> str:
        if why := super().refuses(spec, by):
            return why
        if spec.verb == "record.resent" and self.exchange != Exchange.REJECTED:
            return "该记录没有被上级平台退回，不需重报"
        if spec.verb == "record.up_decided" and self.spec.up != "by_mgmt":
            return "该类记录是否上报由目录确定"
        return ""

    def _become(self, values: dict[str, Any], notes: dict[str, Any]) -> dict[str, Any]:
        for name, value in values.items():
            setattr(self, name, value)
        return notes

    @act("record.received", label="接收上报", right="record.receive", creates=True, full=True, button=False)
    def receive(self, *, by: Any, values: dict[str, Any], notes: dict[str, Any]) -> dict[str, Any]:
        """A lower node's confirmed record arrives; its procedure there is relied on (domain.md 7.2, ADD)."""
        return self._become(values, notes)

    @act("record.renewed", label="接收变更", right="record.receive", full=True, button=False)
    def renew(self, *, by: Any, values: dict[str, Any], notes: dict[str, Any]) -> dict[str, Any]:
        """The lower node changed, revoked, repaired or expired it (domain.md 7.2, UPDATE, REVOKE, REPAIR, EXPIRE)."""
        return self._become(values, notes)

    @act(
        "record.relayed", label="接收公示", right="record.receive", log="relay", leaf=("origin", "index", "leaf"), button=False,
    )  # fmt: skip
    def relay(self, *, by: Any, values: dict[str, Any], notes: dict[str, Any]) -> dict[str, Any]:
        """The lower node published it: public here too, with an opened entry of our own log (trust.md 2.5)."""
        return self._become(values, notes)

    @act("record.resent", label="重报", right="exchange.operate", source=SENT_STATES, full=True, form=("reason",))
    def resend(self, *, by: Any, reason: str) -> dict[str, str]:
        """Send the record up once more under the next version, after a rejection was cleared (domain.md 7.2)."""
        return {"reason": reason.strip()[:300]}

    @act(
        "record.up_decided",
        label="决定上报",
        right="record.send_up",
        source=["CONFIRMED"],
        full=True,
        form=("send_up",),
    )
    def decide_up(self, *, by: Any, send_up: bool | None) -> None:
        """The managing authority decides whether a restricted record goes up (domain.md 7.2)."""
        if self.send_up and not send_up:
            raise ValidationError({"send_up": "已决定上报的记录不能改为不上报；内容有误的，请更正或者撤销"})
        if send_up is None:
            raise ValidationError({"send_up": "请作出是否上报的决定"})
        self.send_up = send_up
