"""The exchange as the desk shows it: the link, rejections as to-dos, batches, lower nodes, figures that link to their lists."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from integrity.exchange import sender
from integrity.exchange.wire import Answer
from integrity.ledger.sealing import seal_all
from integrity.models import Batch, Event, Record, Uplink, User
from tests import builders
from tests.integrity.exchange.lower import Lower, penalty
from tests.integrity.exchange.upper import Upper


@pytest.fixture
def upper(cast, settings):
    node = Upper()
    settings.UPSTREAM_KEY = node.vkey
    return node


def push(upper):
    seal_all()
    sender.send(upper, now=True)


def login(account):
    client = Client()
    client.force_login(User.objects.get(username=account), "django.contrib.auth.backends.ModelBackend")
    return client


def page(account, path, status=200):
    answer = login(account).get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.content.decode()


def rejected(cast, upper, code="E11"):
    record = builders.published(cast)
    seal_all()
    upper.reject(Event.objects.of(record).get(verb="record.published").seq, code)
    push(upper)
    return record


def test_without_an_upper_node_the_page_says_so(cast):
    assert "没有设置上级平台" in page("credit", "/desk/exchange/")


def test_the_link_is_shown_with_its_backlog_and_batches(cast, upper):
    push(upper)
    builders.published(cast)
    seal_all()
    text = page("credit", "/desk/exchange/?tab=sent")
    assert "province.example/province/receipt" in text and "积压" in text and "已回执" in text
    batch = Batch.objects.first()
    assert "gov-integrity/receipt/v1" in page("credit", f"/desk/exchange/batches/{batch.pk}")


def test_a_rejection_comes_back_as_a_to_do_with_its_code_and_the_way_on(cast, upper):
    record = rejected(cast, upper)
    text = page("credit", "/desk/exchange/")
    assert "E11" in text and "名称与代码不一致" in text and record.title in text and "还剩 3 个工作日" in text
    todo = page("clerk", "/desk/")
    assert "上报退回" in todo and "E11" in todo
    detail = page("clerk", f"/desk/records/{record.pk}/")
    assert "校验不通过" in detail and "E11" in detail
    assert record.title in page("clerk", "/desk/records/?exchange=REJECTED")
    client = login("credit")
    answer = client.post(f"/desk/records/{record.pk}/resend", {"reason": "上级已更正名称"})
    assert answer.status_code == 302
    push(upper)
    assert record.title not in page("credit", "/desk/exchange/")
    assert Record.objects.get(pk=record.pk).exchange == "ACCEPTED"


def test_what_was_not_rejected_is_not_sent_again(cast, upper):
    record = builders.published(cast)
    push(upper)
    answer = login("credit").post(f"/desk/records/{record.pk}/resend", {"reason": "x"})
    assert answer.status_code == 409 and "不需重报" in answer.content.decode()


def test_the_operator_sees_codes_and_no_content(cast, upper):
    record = rejected(cast, upper)
    text = page("operator", "/desk/exchange/")
    assert "E11" in text and record.title not in text and "名称不一致" not in text


@pytest.mark.parametrize("account", ["clerk", "market", "official", "leader"])
def test_others_do_not_run_the_exchange(cast, account):
    page(account, "/desk/exchange/", 403)


def test_a_stopped_link_explains_itself_and_goes_on_after_somebody_looked(cast, upper):
    upper.trick = lambda parcel, answer: Answer(403, {"error": "signature", "message": "公钥无效"})
    for _ in range(sender.PATIENCE):
        push(upper)
    text = page("operator", "/desk/exchange/?tab=sent")
    assert "需人工处理" in text and "公钥无效" in text and "恢复上报" in text
    upper.trick = None
    assert login("operator").post("/desk/exchange/redrive").status_code == 302
    push(upper)
    assert Uplink.current().state == "RUNNING" and Uplink.current().acked > 0
    assert login("clerk").post("/desk/exchange/redrive").status_code == 403
    assert login("operator").get("/desk/exchange/redrive").status_code == 405


def test_lower_nodes_are_listed_and_can_be_stopped(cast):
    county = Lower()
    county.add(penalty())
    county.send()
    text = page("credit", "/desk/exchange/?tab=peers")
    assert county.peer.name in text and "1 条" in text
    at = f"/desk/exchange/peers/{county.peer.pk}/"
    assert county.vkey in page("credit", at)
    client = login("credit")
    assert client.post(f"{at}stop", {"reason": "核查"}).status_code == 302
    assert county.post(county.batch(0, 1)).status_code == 403
    assert "已停止" in page("credit", at)
    assert page("credit", "/desk/exchange/?tab=taken") and page("credit", "/desk/exchange/?tab=theirs")


def test_the_state_of_every_record_is_a_query(cast, upper):
    confirmed = builders.published(cast)
    draft = builders.draft(cast, doc_no="日政字〔2026〕30号")

    def states():
        return dict(Record.objects.with_exchange().values_list("pk", "exchange_state"))

    assert states() == {confirmed.pk: "PENDING", draft.pk: "NOT_DUE"}
    upper.trick = lambda parcel, answer: (_ for _ in ()).throw(sender.Unreachable("lost"))
    push(upper)
    assert states()[confirmed.pk] == "SENT"
    upper.trick = None
    push(upper)
    assert states()[confirmed.pk] == "ACCEPTED"
    confirmed.suspend(by=cast.credit, reason="核查")
    assert states()[confirmed.pk] == "SUPERSEDED"
    push(upper)
    assert states()[confirmed.pk] == "ACCEPTED" == confirmed.exchange


def test_without_an_upper_node_nothing_is_due(cast):
    record = builders.published(cast)
    assert record.exchange == "NOT_DUE"


def old(days):
    return (timezone.localdate() - timedelta(days=days)).isoformat()


def test_quality_by_unit_links_to_the_lists_it_counts(cast, upper, django_assert_max_num_queries):
    fresh = {"decided_on": old(3), "served_on": old(3)}
    who = {"who": "market", "reviewer": "market_reviewer"}
    builders.published(cast, "DP02", **who, **fresh, doc_no="日市监处罚〔2026〕41号")
    late = builders.published(
        cast, "DP02", **who, decided_on=old(60), served_on=old(60), doc_no="日市监处罚〔2026〕42号"
    )
    refused = builders.published(cast, "DP02", **who, **fresh, doc_no="日市监处罚〔2026〕43号")
    seal_all()
    upper.reject(Event.objects.of(refused).last().seq)
    push(upper)
    missing = builders.published(
        cast, "DP02", **who, decided_on=old(50), served_on=old(50), doc_no="日市监处罚〔2026〕44号"
    )
    client = login("credit")
    with django_assert_max_num_queries(20):
        text = client.get("/desk/exchange/quality").content.decode()
    assert "75.0%" in text and "66.7%" in text and "50.0%" in text
    code = cast.orgs.market.code
    lists = {"due": 4, "sent": 3, "accepted": 2, "late": 1, "missing": 1, "rejected": 1}
    for figure, count in lists.items():
        shown = client.get(f"/desk/exchange/quality/{figure}?unit={code}").content.decode()
        assert shown.count('class="code small quiet">RZ-DP02') == count
        assert f">{count}<span" in text
    assert late.number in client.get(f"/desk/exchange/quality/late?unit={code}").content.decode()
    assert missing.number in client.get("/desk/exchange/quality/missing").content.decode()
    assert client.get("/desk/exchange/quality/late?unit=nobody").status_code == 404
    assert client.get("/desk/exchange/quality?from=x").status_code == 422


def test_the_lists_cost_few_queries(cast, upper, django_assert_max_num_queries):
    for i in range(6):
        rejected(cast, upper) if i == 0 else builders.published(cast, doc_no=f"日政字〔2026〕{i + 50}号")
    push(upper)
    client = login("credit")
    for tab in ("rejected", "sent", "peers", "taken", "theirs"):
        with django_assert_max_num_queries(16):
            assert client.get(f"/desk/exchange/?tab={tab}").status_code == 200
