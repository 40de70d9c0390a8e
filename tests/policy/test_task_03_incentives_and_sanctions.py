"""任务 3：records are asked about before an official rises or is honoured; the answer names measures, never a score."""

import hashlib
import subprocess
from datetime import timedelta

import pytest
from django.utils import timezone

from integrity.clocks import add_months
from integrity.models import Check, CheckedSubject, Event, Measure, Record, Report
from tests import builders
from tests.integrity.desk.pages import CHECKED
from tests.integrity.intake.sheets import xlsx
from tests.officials.test_sanctions import confirmed
from tests.policy.test_task_01_credit_files import DEMERIT, confirm, enter

WANG = "371199198002290127"
ASK = {
    "purpose": "PERSONNEL", "stage": "PROMOTION", "matter": "2026 年第四季度干部调整",
    "ground": "山东省社会信用条例第二十二条第三项",
}  # fmt: skip


def ask(desks, who="hr", **more):
    there = desks.__dict__[who].send("/desk/checks/new", **(ASK | {"subjects": WANG} | more))
    return Check.objects.get(pk=there.split("/")[3])


def test_before_a_promotion_the_answer_names_the_statute_and_its_period(cast, desks):
    record = confirmed(cast, sanction="记过", period_months=12)
    assert "国家工作人员招录" in desks.hr.see("/desk/checks/new")
    check = ask(desks)
    text = desks.hr.see(f"/desk/checks/{check.pk}/")
    assert "依法必须" in text and "限制晋升职务" in text and str(record.until) in text and "公务员法64" in text
    assert "分数" not in text and "评分" not in text
    answer = check.answers.get()
    desks.hr.send(f"/desk/answers/{answer.pk}/feed_back", decision="APPLIED", reason="处分期内不予晋升")
    answer.refresh_from_db()
    assert (answer.decision, answer.decided_at is not None) == ("APPLIED", True)
    looks = desks.official.see("/me/looks/")
    assert "国家工作人员招录" in looks and "组织人事干部" in looks
    assert Event.objects.filter(verb="subject.checked", target=answer.pk).exists()


def test_the_promotion_itself_is_refused_while_the_sanction_runs(cast, desks):
    confirmed(cast, sanction="记过", period_months=12)
    url = f"/desk/officials/{cast.file.pk}/"
    desks.hr.see(url)
    today = timezone.localdate().isoformat()
    text = desks.hr.send(f"{url}promote", 422, new_post="副局长", since=today, document="日组干字〔2026〕9号")
    assert "期内不得晋升" in text and "副局长" in text


def test_a_list_comes_as_a_workbook(cast, desks):
    company = cast.orgs.company.code
    rows = [["序号", "姓名", "身份证号"], [1, "王诚信", WANG], [2, "云帆建设", company]]
    check = ask(desks, subjects="", roll=xlsx(rows))
    assert (check.total, check.answers.count()) == (2, 2)
    assert WANG not in "".join(f"{a.given}{a.answer}" for a in check.answers.all())


def test_incentives_stand_beside_sanctions(cast, desks):
    record = confirm(desks, enter(cast, desks, "OF12", title="全市政务诚信先进个人"))
    page = desks.hr.see(f"/desk/records/{record.pk}/")
    assert "实施措施" in page
    until = add_months(timezone.localdate(), 12)
    decision = {
        "effect": "reference", "basis": "任务3", "decided_unit": cast.orgs.personnel.code, "doc_no": "日组字〔2026〕7号",
        "decided_on": timezone.localdate().isoformat(), "starts_on": timezone.localdate().isoformat(), "until": until.isoformat(),
    }  # fmt: skip
    for code in ("R02", "R06"):
        desks.hr.send(f"/desk/records/{record.pk}/impose", **decision, kind=code)
    confirmed(cast)
    text = desks.hr.see(f"/desk/checks/{ask(desks, stage='MERIT').pk}/")
    assert "守信激励" in text and "同等条件优先" in text and "容错免责" in text and "依法必须" in text


def test_a_numbered_report_is_a_page_and_a_paper_that_its_holder_can_verify(cast, desks, client, tmp_path):
    confirmed(cast, sanction="记过", period_months=12)
    answer = ask(desks).answers.get()
    there = desks.hr.send(f"/desk/answers/{answer.pk}/report")
    report = Report.objects.get()
    assert there == f"/v/{report.number}" and "限制晋升职务" in desks.hr.see(there)
    closed = client.get(there).content.decode()
    assert "真实有效" in closed and "王诚信" not in closed and "限制晋升" not in closed and "验证码" in closed
    assert client.get(f"{there}?c=WRONG").status_code == 422
    opened = client.get(f"{there}?c={report.token.lower()}")
    assert "限制晋升职务" in opened.content.decode() and opened["Cache-Control"] == "no-store"
    assert client.get(f"{there}.pdf").status_code == 404
    paper = tmp_path / "report.pdf"
    paper.write_bytes(client.get(f"{there}.pdf?c={report.token}").content)
    text = "".join(run("pdftotext", paper, "-").split())
    assert report.number in text and "限制晋升职务" in text and report.sha256 in text
    run("pdfdetach", "-saveall", "-o", tmp_path, paper)
    assert hashlib.sha256((tmp_path / f"{report.number}.json").read_bytes()).hexdigest() == report.sha256
    assert all(line.split()[-5] == "yes" for line in run("pdffonts", paper).splitlines()[2:])
    run("pdftoppm", "-r", "110", "-gray", "-singlefile", paper, tmp_path / "page")
    assert f"{there}?c={report.token}" in run("zbarimg", "-q", tmp_path / "page.pgm")


def run(*args):
    return subprocess.run(args, capture_output=True, text=True, check=True).stdout


def test_ones_own_report_is_free_and_one_a_day(cast, desks, client):
    confirmed(cast, title="记过处分")
    there = desks.official.send("/me/report")
    assert "记过处分" in desks.official.see(there) and there in desks.official.see("/me/report")
    assert desks.official.send("/me/report") == there
    assert "记过处分" not in client.get(there).content.decode()


def test_anybody_downloads_an_organisations_public_report(cast, desks, client):
    builders.published(cast, "DP02")
    assert "生成报告" in client.get(f"/report/{cast.orgs.company.code}").content.decode()
    there = client.post(f"/report/{cast.orgs.company.code}")["Location"]
    text = client.get(there).content.decode()
    assert "未按规定公示收费标准" in text and cast.orgs.company.name in text
    assert client.get(f"{there}.pdf")["Content-Type"] == "application/pdf"
    assert client.post(f"/report/{cast.orgs.company.code}")["Location"] == there


# ---- refusals ----


def test_without_purpose_and_ground_nothing_is_answered(cast, desks):
    for missing in ("purpose", "ground", "matter", "subjects"):
        text = desks.hr.send("/desk/checks/new", 422, **(ASK | {"subjects": WANG, missing: ""}))
        assert "错误：" in text
    assert not Check.objects.exists()


def test_a_workbook_with_spoiled_numbers_is_named_cell_by_cell(cast, desks):
    rows = [["身份证号"], [371199198002290127], ["371199198002290128"]]
    text = desks.hr.send("/desk/checks/new", 422, **(ASK | {"subjects": ""}), roll=xlsx(rows))
    assert "A2" in text and "A3" in text and not Check.objects.exists()


def test_a_mandatory_bar_is_not_left_out_without_a_reason(cast, desks):
    confirmed(cast)
    answer = ask(desks).answers.get()
    text = desks.hr.send(f"/desk/answers/{answer.pk}/feed_back", 422, decision="NOT_APPLIED", reason=" ")
    assert "须写明理由" in text or "请填写" in text


def test_others_need_the_persons_authorisation_and_learn_nothing_restricted(cast, desks):
    confirmed(cast, title="记过处分")
    text = desks.clerk.send("/desk/checks/new", 422, **(ASK | {"subjects": WANG}))
    assert "授权" in text
    paper = {"authorised": "on", "authority": builders_pdf()}
    check = ask(desks, who="clerk", **paper)
    text = desks.clerk.see(f"/desk/checks/{check.pk}/")
    assert "限定知悉" in text and "记过处分" not in text


def builders_pdf():
    from tests.integrity.desk.pages import pdf

    return pdf("授权书.pdf")


def test_only_unexpired_unrepaired_records_count(cast, desks):
    record = confirmed(cast)
    record.revoke(by=cast.hr2, reason="复核决定撤销")
    assert ask(desks).answers.get().outcome == CheckedSubject.Outcome.CLEAR


def test_a_record_under_objection_bears_its_mark(cast, desks):
    record = confirm(desks, enter(cast, desks, **DEMERIT, title="记过处分"))
    desks.official.send(f"/me/records/{record.pk}/object", reason="WRONG", text="与处分决定书记载的事实不一致。")
    assert "异议处理中" in desks.hr.see(f"/desk/checks/{ask(desks).pk}/")


@pytest.mark.parametrize("who", ["stranger", "county", "secrecy", "leader", "operator", "official", "company"])
def test_nobody_else_reads_a_check(cast, desks, who):
    check = ask(desks)
    assert desks.__dict__[who].get(f"/desk/checks/{check.pk}/").status_code in (302, 403, 404)


def test_an_expired_report_verifies_no_more(cast, desks, client):
    report = Report(scope="SELF", subject=cast.wang).issue(by=cast.official)
    later = report.valid_until + timedelta(days=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.utils.timezone.localdate", lambda *a: later)
        assert client.get(f"/v/{report.number}").status_code == 404


def test_a_measure_outside_the_list_is_not_offered(cast, desks):
    record = confirm(desks, enter(cast, desks, **DEMERIT))
    desks.hr.see(f"/desk/records/{record.pk}/")
    text = desks.hr.send(f"/desk/records/{record.pk}/impose", 422, kind="E01", effect="reference")
    assert not Measure.objects.filter(kind="E01").exists() and "错误：" in text
    assert Record.objects.get(pk=record.pk).state == "CONFIRMED" and CHECKED


@pytest.mark.parametrize("address", ["/report/371199198002290127", "/report/11371100YYYY499992"])
def test_persons_and_unknown_codes_have_no_public_report(cast, client, address):
    assert client.get(address).status_code == 404 and client.post(address).status_code == 404
