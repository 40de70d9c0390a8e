"""verify_ledger names what was changed past the acts: in a row, a content, an entry, a node, a signature."""

import io

import pytest
from django.core.management import call_command
from django.utils import timezone

from integrity.ledger import audit, sealing
from integrity.models import CLOCK, Record, as_rule
from integrity.models.record.many import expire_many, publish_many
from tests import builders, nodes
from tests.integrity import ledger_builders as log


def faults():
    return [str(f) for f in audit.run()]


@pytest.mark.django_db
def test_whatever_people_do_is_consistent(cast):
    record = builders.published(cast, "DP02", who="market", reviewer="market_reviewer")
    record.mark_objection(by=as_rule(cast.company))
    builders.published(cast).withdraw(by=cast.credit2, reason="撤回")
    many = [builders.confirmed(cast, doc_no=f"日政字〔2026〕{n}号").pk for n in (31, 32)]
    publish_many(many, by=cast.credit2)
    expire_many(timezone.localdate().replace(year=2099), by=CLOCK)
    cast.orgs.company.amend(by=cast.credit, name="日照云帆建设集团有限公司（演示）")
    sealing.seal_all()
    out = io.StringIO()
    call_command("verify_ledger", stdout=out, quiet=True)
    assert out.getvalue().strip() == "台账核验：全部一致"


@pytest.fixture
def node(django_db_setup, django_db_blocker, tmp_path):
    """A node with a database of its own, in which the owner may do what no act does."""
    with django_db_blocker.unblock():
        made = log.own_node(tmp_path)
        yield made
        nodes.drop([made])


def a_life():
    """A published and an entered record, all sealed; returns what the tampering needs."""
    cast = builders.look_up()
    shown = builders.published(cast, "DP02", who="market", reviewer="market_reviewer")
    draft = builders.draft(cast)
    sealing.seal_all()
    return shown.number, str(shown.pk), draft.number, str(draft.pk)


TAMPERING = [  # what somebody with the database in his hands does, and what must be said
    ("UPDATE integrity_record SET title = 'x' WHERE number = '{shown}'", "{shown}", "事项名称与台账不一致"),
    ("UPDATE integrity_record SET until = until - 30 WHERE number = '{shown}'", "{shown}", "停止公示和使用日期"),
    ("UPDATE integrity_record SET confirmed_by_id = entered_by_id + 1 WHERE number = '{shown}'", "{shown}", "入库人"),
    ("UPDATE integrity_record SET facts = facts || '{{\"fine_wan\": \"9\"}}' WHERE number = '{shown}'", "{shown}", "具体内容"),
    ("UPDATE integrity_record SET state = 'SUBMITTED', version = 2 WHERE number = '{draft}'", "{draft}", "版本为 2"),
    ("UPDATE integrity_record SET fact = '改' WHERE number = '{draft}'", "{draft}", "失信事实"),
    ("UPDATE integrity_seat SET role_code = 'CREDIT_CITY' WHERE role_code = 'LEADER'", "integrity_seat", "角色"),
    ("UPDATE integrity_subject SET id_sealed = (SELECT id_sealed FROM integrity_subject WHERE name = '赵评审') WHERE name = '王诚信'",
     "integrity_subject", "密封的证件号码无法打开"),
    ("UPDATE integrity_payload SET fields = jsonb_set(fields, '{{title,1}}', '\"x\"') WHERE fields ? 'title'", "{shown_id}", "内容与日志摘要不一致"),
    ("UPDATE integrity_payload p SET inside = jsonb_set(inside, '{{snapshot,1,state}}', '\"x\"') FROM integrity_event e "
     "WHERE e.id = p.event_id AND e.verb = 'record.confirmed'", "record.confirmed", "变更的列"),
    ("UPDATE integrity_payload p SET fields = '{{}}', inside = NULL, removed_at = now() FROM integrity_event e "
     "WHERE e.id = p.event_id AND e.target = '{draft_id}'", "{draft_id}", "没有移除决定"),
    ("UPDATE integrity_event SET leaf = leaf || ' ' WHERE target = '{draft_id}'", "日志第", "与签署时的摘要不一致"),
    ("UPDATE integrity_ledgernode SET hash = decode(repeat('00', 32), 'hex') WHERE level = 3 AND index = 0", "日志节点 3/0", "与签署时"),
    ("UPDATE integrity_checkpoint SET root = decode(repeat('00', 32), 'hex')", "检查点", "签名的内容与登记的不一致"),
    ("UPDATE integrity_checkpoint SET note = replace(note, 'log', 'lag')", "检查点", "签名无效"),
    ("DELETE FROM integrity_version; DELETE FROM integrity_party; DELETE FROM integrity_record WHERE number = '{draft}'",
     "{draft_id}", "行已不存在"),
    ("UPDATE integrity_event SET seq = seq + 1000 WHERE seq = 5", "日志第 5 条", "条目缺失"),
]  # fmt: skip


def test_each_kind_of_tampering_is_named(node):
    shown, shown_id, draft, draft_id = node.run(a_life)
    known = set(node.run(faults))
    assert known == set()
    for sql, where, what in TAMPERING:
        names = {"shown": shown, "shown_id": shown_id, "draft": draft, "draft_id": draft_id}
        log.tamper(node, sql.format(**names))
        found = set(node.run(faults))
        fresh = [f for f in found - known if where.format(**names) in f and what.format(**names) in f]
        assert fresh, (sql, found - known)
        known |= found


def test_the_command_says_so_by_its_exit_code(node):
    _, _, draft, _ = node.run(a_life)
    log.tamper(node, f"UPDATE integrity_record SET title = 'x' WHERE number = '{draft}'")

    def command():
        out = io.StringIO()
        try:
            call_command("verify_ledger", stdout=out, quiet=True)
        except SystemExit as end:
            return end.code, out.getvalue()

    code, out = node.run(command)
    assert code == 1 and "发现 1 处不一致" in out and draft in out


@pytest.mark.django_db
def test_the_page_of_a_tampered_row_says_mismatch_too(cast):
    record = builders.published(cast)
    sealing.seal_all()
    row = Record.objects.get(pk=record.pk)
    row.title = "改"
    from integrity.ledger.audit import rows

    left, version = rows._left_by_events([row.pk])[row.pk]
    assert [f.what for f in rows.compare(row, left, version)] == ["事项名称与台账不一致"]


@pytest.mark.django_db
def test_the_nightly_look_tells_operators_and_credit_office(cast, monkeypatch):
    from integrity import tasks
    from integrity.models import Message

    sealing.seal_all()
    assert tasks.verify() == 0 and not Message.objects.filter(title__contains="不一致").exists()
    monkeypatch.setattr(audit, "run", lambda: iter([audit.Fault("信用记录 X", "事项名称与台账不一致")]))
    assert tasks.verify() == 1
    told = set(Message.objects.filter(title__contains="1 处不一致").values_list("user__username", flat=True))
    assert {"operator", "credit", "credit2"} <= told
