"""Task 15: each stage of a PPP project has somebody who answers for it, in good and in bad, wherever he is later."""

from __future__ import annotations

from django.test import Client

from integrity.models import Record
from sectors.models import Breach, Duty, Evaluation, LookBack, Officer, Project
from tests.builders import person
from tests.paths import led, trading
from tests.paths.sectors import day
from tests.policy.test_task_18_promises_are_kept import confirm_finding


def iso(ago):
    return day(ago).isoformat()


NEW = {
    "name": "临港污水处理厂", "reference": "PPP-2025-08", "amount_wan": "9000", "on": iso(500), "scheme": "存量项目", "mode": "BOT",
    "years": "20", "payment": "可行性缺口补助",
}  # fmt: skip
WANG = {
    "post": "规划科科长",
    "duty": "依法组织实施并兑现承诺",
    "document": "日交分工〔2025〕3号",
    "official_number": led.NUMBER,
}
OWED = {"text": "拨付可行性缺口补助", "basis": "项目合同第十二条", "starts_on": iso(300), "due_on": iso(100)}


def begun(cast, desks):
    """From preparation to implementation, with an officer for preparation and another for implementation."""
    there = desks.market.send("/desk/sector/new/ppp", **NEW, unit=cast.orgs.bureau.code)
    desks.market_reviewer.send(f"{there}release")
    person("李守诺", "371199197001010010", is_official=True, parent=cast.orgs.bureau, managed_by=cast.orgs.personnel)
    desks.market.send(f"{there}add/officer", **WANG, stage="implementation", from_on=iso(320))
    desks.market.send(
        f"{there}add/officer", **WANG | {"official_number": "371199197001010010"}, stage="preparation", from_on=iso(500)
    )
    for stage, ago in (("bidding", 450), ("procurement", 400), ("financing", 350), ("implementation", 300)):
        more = {"partner": cast.orgs.company.code, "amount_wan": "9000"} if stage == "procurement" else {}
        desks.market.send(f"{there}stage/{stage}", on=iso(ago), **more)
    desks.market.send(f"{there}promise", **OWED)
    return there, Project.objects.get()


def test_a_breach_is_disclosed_found_and_put_to_the_officer_of_its_stage(cast, desks):
    there, project = begun(cast, desks)
    duty = Duty.objects.get(text="拨付可行性缺口补助")
    broken = {
        "stage": "implementation",
        "fact": "补助逾期未付。",
        "cause": "财政困难",
        "happened_on": iso(99),
        "loss_wan": "300",
    }
    desks.market.send(f"{there}add/breach", **broken, duty_id=str(duty.pk))
    at = f"/desk/sector/breach/{Breach.objects.get().pk}/"
    desks.market_reviewer.send(f"{at}order", order_text="三十日内拨付", served_on=iso(60))
    desks.credit.send(f"{at}disclose")
    text = Client().get(project.public_url).content.decode()
    assert "补助逾期未付。" in text and "财政困难" in text and "王诚信" not in text and "李守诺" not in text
    assert Client().get("/api/v1/breaches").json()["items"][0]["loss_wan"] == "300"
    desks.credit.send(f"{at}find", document_no="日诚信〔2026〕22号", refused="逾期仍未拨付。")
    record = Breach.objects.get().record
    assert (record.kind_id, record.facts["stage"], record.subject) == ("SE05", "实施", cast.orgs.bureau)
    assert [p.subject for p in record.parties.all()] == [cast.wang]
    confirm_finding(desks, cast, record)
    look = LookBack.objects.get()
    assert (look.officer.person, look.officer.stage, look.outcome) == (cast.wang, "implementation", "LIABLE")
    desks.hr.send(f"{look.get_absolute_url()}conclude", document_no="日组认〔2026〕5号", concluded_on=iso(0))
    personal = Record.objects.get(kind="OF10")
    assert (personal.state, personal.facts["stage"], personal.source_unit) == ("SUBMITTED", "实施", cast.orgs.personnel)
    assert "规划科科长" in desks.hr2.see(f"/desk/records/{personal.pk}/")
    assert "告知" in desks.hr2.send(f"/desk/records/{personal.pk}/review", 422, privacy_ok="on", secrecy_ok="on")


def test_a_fulfilled_project_goes_to_the_good_of_those_who_led_it(cast, desks):
    there, _ = begun(cast, desks)
    duty = Duty.objects.get(text="拨付可行性缺口补助")
    desks.market.send(f"/desk/sector/duty/{duty.pk}/fulfil", done_on=iso(120), done_note="足额拨付")
    desks.market.send(f"{there}stage/handover", on=iso(2), handover_result="合格")
    desks.market.send(f"{there}end", done_note="移交完成")
    good = LookBack.objects.get(officer__person=cast.wang)
    assert good.outcome == "GOOD" and "按期完成 1 项" in good.finding and LookBack.objects.count() == 2
    desks.hr.send(f"{good.get_absolute_url()}conclude", document_no="日组认〔2026〕6号", concluded_on=iso(0))
    record = Record.objects.get(kind="OF13")
    assert (record.subject, record.facts["post_then"]) == (cast.wang, "规划科科长") and "按期完成" in record.facts[
        "result"
    ]


def test_an_evaluation_is_public_after_a_second_person(cast, desks):
    there, project = begun(cast, desks)
    given = {
        "period": "2025 年度",
        "evaluator": "市财政局",
        "evaluated_on": iso(30),
        "grade": "良",
        "summary": "出水达标，付费及时。",
    }
    desks.market.send(f"{there}add/evaluation", **given)
    assert "出水达标" not in Client().get(project.public_url).content.decode()
    desks.market_reviewer.send(f"/desk/sector/evaluation/{Evaluation.objects.get().pk}/release")
    assert "出水达标" in Client().get(project.public_url).content.decode()
    assert Client().get("/api/v1/evaluations").json()["items"][0]["grade"] == "良"


def test_responsibility_stays_after_transfer_and_is_seen_by_the_new_authority_alone(cast, desks):
    look = led.lookback(cast)
    cast.wang.move(by=led.as_rule(cast.hr), unit=cast.orgs.stranger, authority=cast.orgs.credit)
    assert desks.hr.get(look.get_absolute_url()).status_code == 404
    assert Officer.objects.get().unit_name == cast.orgs.bureau.name


# ---- refusals ----


def test_a_new_concession_is_paid_by_its_users_alone(cast, desks):
    form = NEW | {"scheme": "特许经营新机制", "payment": "政府付费", "unit": cast.orgs.bureau.code}
    assert "只能使用者付费" in desks.market.send("/desk/sector/new/ppp", 422, **form)
    desks.market.send("/desk/sector/new/ppp", 302, **form | {"payment": "使用者付费"})


def test_who_wrote_an_evaluation_does_not_release_it(cast, desks):
    row = trading.unentered(cast).enter(by=cast.credit)
    assert desks.credit.post(f"/desk/sector/evaluation/{row.pk}/release").status_code == 409


def test_officers_are_nobodys_business_outside(cast, desks):
    led.officer(cast)
    assert Client().get("/api/v1/project-officers").status_code in (401, 403)
    for who in ("company", "leader", "stranger"):
        assert not Officer.objects.inside(getattr(cast, who)).exists()
    assert Officer.objects.inside(cast.official).exists()


def test_a_breach_is_not_registered_for_a_stage_never_entered(cast, desks):
    there, _ = begun(cast, desks)
    given = {"promise": "移交场地", "stage": "handover", "fact": "未移交。", "cause": "其他", "happened_on": iso(10)}
    assert desks.market.post(f"{there}add/breach", given).status_code == 422
