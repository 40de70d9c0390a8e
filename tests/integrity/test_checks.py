"""Credit checks: purpose and ground first, answers by measure, decisions fed back, every look shown to its subject (tasks 3, 8)."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from integrity.acts import NotAllowed
from integrity.ledger import sealing
from integrity.models import Check, CheckedSubject, Event, Measure, Message, Report, Watch, make_check
from integrity.models.check.watch import tell_watchers
from tests import builders, scenes
from tests.integrity.test_nouns import ban

GROUND = {"purpose": "PROCUREMENT", "matter": "某采购项目", "ground": "山东省社会信用条例第二十二条"}


@pytest.fixture
def enter(cast):
    def log_in(name):
        client = Client()
        client.force_login(builders.User.objects.get(username=name), "django.contrib.auth.backends.ModelBackend")
        return client

    return log_in


def ask(cast, *codes, by=None, **more):
    return make_check(Check(**(GROUND | more)), codes, by=by or cast.clerk)


def test_the_answer_names_what_is_mandatory_with_article_and_period(cast, enter):
    ban(cast)
    clerk = enter("clerk")
    page = clerk.post(
        "/desk/checks/new",
        GROUND | {"stage": "OTHER", "subjects": f"{cast.orgs.company.code}\n{cast.orgs.stranger.code}"},
        follow=True,
    )
    text = page.content.decode()
    assert "依法必须" in text and "政府采购法77" in text and "没有在用的失信记录" in text
    row = CheckedSubject.objects.get(subject=cast.orgs.company)
    refused = clerk.post(f"/desk/answers/{row.pk}/feed_back", {"decision": "NOT_APPLIED", "reason": " "})
    assert refused.status_code == 422
    clerk.post(f"/desk/answers/{row.pk}/feed_back", {"decision": "APPLIED", "reason": "不予参加"})
    row.refresh_from_db()
    assert (row.decision, row.reason) == ("APPLIED", "不予参加")


def test_without_ground_nothing_is_answered_and_what_was_typed_stays(cast, enter):
    page = enter("clerk").post(
        "/desk/checks/new", GROUND | {"stage": "OTHER", "ground": "", "subjects": cast.orgs.company.code}
    )
    assert page.status_code == 422 and cast.orgs.company.code in page.content.decode()
    assert not Check.objects.visible_to(cast.clerk).exists()


def test_every_look_is_in_the_ledger_and_shown_to_the_subject(cast, enter):
    ask(cast, cast.orgs.company.code)
    assert Event.objects.filter(verb="subject.checked").count() == 1
    text = enter("company").get("/me/looks/").content.decode()
    assert "市交通运输局（演示） 单位信息员" in text and "政府采购" in text


def test_persons_are_asked_about_by_their_managers_or_with_their_consent(cast):
    scenes.all_states(cast)
    number = "371199198002290127"
    with pytest.raises(ValidationError, match="本人授权"):
        ask(cast, number)
    row = ask(cast, number, authorised=True, purpose="PERSONNEL").answers.get()
    assert row.answer["restricted"] and not [r for r in row.answer["records"] if r["kind"] == "OF03"]
    assert not [m for m in row.answer["mandatory"] if m["record"]]
    own = ask(cast, number, by=cast.hr, purpose="PERSONNEL", stage="PROMOTION").answers.get()
    assert {m["measure"] for m in own.answer["mandatory"]} == {"P01", "P02", "P03"}
    assert [r for r in own.answer["records"] if r["kind"] == "OF03"] and row.given == ""


def test_no_score_of_anybody_stands_anywhere(cast):
    row = ask(cast, cast.orgs.company.code).answers.get()
    assert set(row.answer) == {"outcome", "mandatory", "reference", "incentives", "records", "restricted"}


def test_an_ended_record_is_no_basis(cast):
    record = ban(cast)
    record.repair(by=cast.credit, reason="已履行")
    assert ask(cast, cast.orgs.company.code).answers.get().outcome == "CLEAR"


def test_ten_thousand_cost_a_handful_of_statements(cast, django_assert_max_num_queries):
    codes = [cast.orgs.company.code, *(builders.make_uscc(f"91371100YYYY{n:05d}") for n in range(2000))]
    with django_assert_max_num_queries(20):
        row = ask(cast, *codes)
    assert row.total == 2001 and row.answers.filter(outcome="UNKNOWN").count() == 2000


def test_strangers_do_not_see_the_check_and_nobody_feeds_back_for_another(cast, enter):
    row = ask(cast, cast.orgs.company.code)
    assert enter("stranger").get(f"/desk/checks/{row.pk}/").status_code == 404
    with pytest.raises(NotAllowed):
        row.answers.get().feed_back(by=cast.stranger, decision="APPLIED", reason="x")
    assert enter("official").get("/desk/checks/").status_code in (403, 302)


def test_a_report_is_numbered_sealed_and_only_of_ones_own(cast):
    ban(cast)
    row = ask(cast, cast.orgs.company.code)
    report = Report(scope="CHECK", subject=cast.orgs.company, asked_in=row).issue(by=cast.clerk)
    assert report.is_valid and report.valid_until == timezone.localdate() + timedelta(days=30)
    assert Event.objects.of(report).get().opened and "政府采购法77" in report.body
    with pytest.raises(NotAllowed):
        Report(scope="SELF", subject=cast.orgs.company).issue(by=cast.agency)
    with pytest.raises(NotAllowed, match="自然人"):
        Report(scope="PUBLIC", subject=cast.wang).issue(by=cast.agency)
    public = Report(scope="PUBLIC", subject=cast.orgs.company).issue(by=cast.agency)
    assert Measure.objects.in_force().exists() and "政府采购法77" not in public.body  # its record is not yet published


def test_a_watcher_is_told_of_every_change(cast):
    Watch(name="供应商", purpose="PROCUREMENT", ground="x").open(by=cast.clerk, codes=[cast.orgs.company.code])
    record = ban(cast)
    sealing.seal_all()
    tell_watchers()
    record.publish(by=cast.credit2)
    sealing.seal_all()
    assert tell_watchers() and not tell_watchers()
    told = Message.objects.filter(user=cast.clerk.user, title__contains="关注名单")
    assert told.count() == 2
    assert not Message.objects.filter(user=cast.stranger.user, title__contains="关注名单").exists()


def test_usage_names_units_that_decided_without_asking(cast, enter):
    builders.published(cast, "DP02", who="market", reviewer="market_reviewer")
    text = enter("credit").get("/desk/checks/usage").content.decode()
    assert cast.orgs.market.name in text and "应查未查" in text
