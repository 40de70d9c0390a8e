"""Task 2: an official is asked for his pledge, signs it with a key only he holds, and what becomes of it (trust.md 1)."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from django.test import Client
from django.utils import timezone

from integrity.models import Event, Kind, Message, Pledge, Record, Setting
from officials.models import PledgeConsent, PledgeSignature
from officials.signing import clock, issuing
from officials.signing.softkey import Authenticator
from tests import builders
from tests.officials.signing_desk import sign, verify, with_key
from tests.paths import signing as paths
from tests.showcase import days_ago

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


def test_an_official_signs_his_pledge_with_his_own_key_and_anybody_verifies_it(cast, desks, asked, sign_host, tmp_path):
    assert asked.occasion == "晋升" and asked.due_on > timezone.localdate() and asked.due_explain
    assert "遵纪守规" in asked.text and "尽职尽责" in asked.text and "诚实守信" in asked.text
    assert (
        asked.title in desks.official.see("/me/")
        and Message.objects.filter(user=cast.official.user, link=f"/me/pledges/{asked.number}").exists()
    )
    device = Authenticator()
    key = with_key(desks, sign_host, device)
    assert Message.objects.filter(user=cast.official.user, title="您的签署密钥已核对").exists()
    page = desks.official.see(f"/me/pledges/{asked.number}")
    assert "使用通行密钥签署" in page
    pledge = sign(desks, sign_host, asked, device)
    assert (pledge.state, pledge.level, pledge.thumbprint) == ("SIGNED", "A", key.thumbprint)
    signature = PledgeSignature.objects.get(pledge=pledge)
    assert json.loads(bytes(signature.document))["text"] == pledge.text
    page = desks.official.see(f"/me/pledges/{pledge.number}")
    assert "本人密钥签署" in page and "撤回签署" in page
    box = zipfile.ZipFile(io.BytesIO(desks.official.get(f"/me/pledges/{pledge.number}/bundle.zip").content))
    box.extractall(tmp_path)
    folder = tmp_path / pledge.number
    told = verify(folder)
    assert told.returncode == 0 and pledge.sha256 in told.stdout and key.thumbprint in told.stdout
    text = (folder / "document.json").read_text()
    (folder / "document.json").write_text(text.replace("副局长", "局长"))
    assert "核验不通过" in verify(folder).stdout
    # nothing is public for ten minutes; then as far as scope and consent allow
    assert clock.publish_due() == 0
    with days_ago(-1):
        assert clock.publish_due() == 1
    pledge.refresh_from_db()
    assert pledge.state == "IN_FORCE" and not pledge.public
    assert Client().get(f"/pledge/{pledge.number}").status_code == 404
    assert Client().get(f"/pledge/{pledge.number}/bundle.zip").status_code == 404


def test_the_text_is_public_only_with_separate_consent_and_leaves_when_it_is_taken_back(cast, desks, asked, client):
    desks.official.send(f"/me/pledges/{asked.number}/confirm", read="1", password=PASSWORD)
    with days_ago(-1):
        clock.publish_due()
    assert client.get(f"/pledge/{asked.number}").status_code == 404
    desks.official.send(f"/me/pledges/{asked.number}/consent", to="give")
    consent = PledgeConsent.objects.get(pledge=asked)
    assert "不同意不影响任职" in consent.text
    with days_ago(-1):
        page = client.get(f"/pledge/{asked.number}").content.decode()
        assert "非本人密钥签名" in page and cast.wang.name in page
        assert client.get(f"/pledge/{asked.number}/certificate.pdf").status_code == 200
    desks.official.send(f"/me/pledges/{asked.number}/consent", to="withdraw")
    with days_ago(-1):
        assert client.get(f"/pledge/{asked.number}").status_code == 404
    assert Pledge.objects.get(pk=asked.pk).state == "IN_FORCE"


def test_a_leading_members_pledge_is_public_by_office_and_the_city_may_decide_otherwise(cast, desks, asked, client):
    cast.file.amend(by=cast.hr2, category="CIVIL_SERVANT", new_post="副局长", leading=True)
    desks.official.send(f"/me/pledges/{asked.number}/confirm", read="1", password=PASSWORD)
    with days_ago(-1):
        clock.publish_due()
        assert client.get(f"/pledge/{asked.number}").status_code == 200
    setting = Setting(key="pledge_public_scope", value="CONSENT", ground="试行", valid_from=timezone.localdate())
    setting.propose(by=cast.credit).approve(by=cast.credit2)
    clock.daily()
    assert not Pledge.objects.get(pk=asked.pk).public


def test_level_b_is_shown_as_what_it_is_and_upgraded_later(cast, desks, asked, sign_host, tmp_path):
    desks.official.send(f"/me/pledges/{asked.number}/confirm", read="1", password=PASSWORD)
    with days_ago(-1):
        clock.publish_due()
    row = Pledge.objects.get(pk=asked.pk)
    assert row.level == "B" and "非本人密钥签名" in desks.official.see(f"/me/pledges/{row.number}")
    zipfile.ZipFile(io.BytesIO(desks.official.get(f"/me/pledges/{row.number}/bundle.zip").content)).extractall(tmp_path)
    told = verify(tmp_path / row.number)
    assert told.returncode == 0 and "不是本人密钥签名" in told.stdout
    address = desks.official.send(f"/me/pledges/{row.number}/renew")
    new = Pledge.objects.get(number=address.rpartition("/")[2])
    assert new.replaces_id == row.pk
    device = Authenticator()
    with_key(desks, sign_host, device)
    sign(desks, sign_host, new, device)
    assert Pledge.objects.get(pk=row.pk).state == "IN_FORCE"
    with days_ago(-1):
        clock.publish_due()
    assert Pledge.objects.get(pk=row.pk).state == "SUPERSEDED" and Pledge.objects.get(pk=new.pk).state == "IN_FORCE"


def test_a_signature_is_taken_back_within_ten_minutes_and_owed_again(desks, asked):
    desks.official.send(f"/me/pledges/{asked.number}/confirm", read="1", password=PASSWORD)
    desks.official.send(f"/me/pledges/{asked.number}/withdraw")
    assert Pledge.objects.get(pk=asked.pk).state == "WITHDRAWN"
    again = Pledge.objects.get(subject=asked.subject_id, state="ISSUED")
    assert (again.occasion, again.due_on) == (asked.occasion, asked.due_on)
    assert desks.official.get(f"/me/pledges/{asked.number}/bundle.zip").status_code == 404


def test_after_ten_minutes_it_is_too_late(desks, asked):
    with days_ago(0, minutes=11):
        desks.official.send(f"/me/pledges/{asked.number}/confirm", read="1", password=PASSWORD)
    assert "已超过 10 分钟" in desks.official.send(f"/me/pledges/{asked.number}/withdraw", 422)


def test_a_lost_key_is_reported_signs_no_more_and_old_signatures_still_verify(desks, asked, sign_host, tmp_path):
    device = Authenticator()
    key = with_key(desks, sign_host, device)
    pledge = sign(desks, sign_host, asked, device)
    with days_ago(-1):
        clock.publish_due()
    desks.official.send(f"/me/keys/{key.pk}/surrender", key_reason="lost")
    again = Pledge.objects.get(pk=pledge.pk)
    assert again.state == "IN_FORCE"
    zipfile.ZipFile(io.BytesIO(desks.official.get(f"/me/pledges/{pledge.number}/bundle.zip").content)).extractall(
        tmp_path
    )
    assert verify(tmp_path / pledge.number).returncode == 0
    new = Pledge.objects.get(number=desks.official.send(f"/me/pledges/{pledge.number}/renew").rpartition("/")[2])
    assert desks.official.send(f"/me/pledges/{new.number}/sign") == f"/me/pledges/{new.number}"  # no usable key
    other = Authenticator()
    with_key(desks, sign_host, other)
    assert sign(desks, sign_host, new, other).level == "A"
    assert {"signkey.vouched", "signkey.surrendered"} <= set(
        Event.objects.filter(target=key.pk).values_list("verb", flat=True)
    )


def test_what_a_compromised_key_signed_is_to_be_signed_anew(desks, asked, sign_host):
    device = Authenticator()
    key = with_key(desks, sign_host, device)
    pledge = sign(desks, sign_host, asked, device)
    with days_ago(-1):
        clock.publish_due()
    desks.hr.send(
        f"/desk/keys/{key.pk}/revoke", key_reason="compromised", suspect_from=timezone.localdate().isoformat()
    )
    assert "密钥可疑" in desks.hr.see("/desk/pledges/again")
    desks.hr.send("/desk/pledges/again", row=str(pledge.pk))
    assert Pledge.objects.get(subject=asked.subject_id, state="ISSUED").replaces_id == pledge.pk


def test_a_new_version_of_the_text_takes_two_people_and_lists_what_is_to_be_signed_anew(cast, desks, asked):
    desks.official.send(f"/me/pledges/{asked.number}/confirm", read="1", password=PASSWORD)
    with days_ago(-1):
        clock.publish_due()
    form = {"code": "GRCN-ND", "occasion": "年度"} | paths.TEXT | {"duty": "认真履行岗位职责，限时办结。"}
    address = desks.credit.send("/desk/templates/new", **form)
    desks.credit.send(f"{address}nominate")
    assert "须由他人批准" in desks.credit.send(f"{address}approve", 409)
    desks.credit2.send(f"{address}approve")
    assert "限时办结" in Client().get("/pledge/register/").content.decode()
    assert "第1版" in desks.hr.see("/desk/pledges/again")


def test_two_people_transcribe_what_was_signed_on_paper(cast, desks, asked):
    scan = io.BytesIO(b"%PDF-1.7 signed")
    scan.name = "scan.pdf"
    desks.hr.send(f"/desk/pledges/{asked.pk}/paper", signed_on=timezone.localdate().isoformat(), scan=scan)
    paper = asked.papers.get()
    assert "须由他人核对" in desks.hr.send(f"/desk/papers/{paper.pk}/confirm", 409)
    desks.hr2.send(f"/desk/papers/{paper.pk}/confirm")
    row = Pledge.objects.get(pk=asked.pk)
    assert (row.state, row.level) == ("SIGNED", "C") and "两人代录" in desks.hr.see(f"/desk/pledges/{row.pk}/")
    assert desks.stranger.get(f"/desk/papers/{paper.pk}/scan").status_code in (403, 404)


def test_overdue_pledges_are_reminded_and_counted_by_unit(cast, desks, client):
    with days_ago(30) as day:
        paths.approved(cast)
        cast.file.promote(by=cast.hr, new_post="副局长", since=day, document="日组干字〔2026〕9号")
    clock.daily()
    assert Message.objects.filter(user=cast.official.user, title__startswith="承诺书逾期未签").exists()
    assert Message.objects.filter(user=cast.hr.user, title__startswith="下属人员承诺书逾期未签").exists()
    page = client.get("/pledge/register/").content.decode()
    assert cast.orgs.bureau.name in page and cast.wang.name not in page
    assert cast.wang.name in desks.hr.see("/desk/pledges/?late=1")
    assert cast.orgs.bureau.name in desks.hr.see("/desk/pledges/units")


def test_everybody_in_office_is_asked_once_a_year(cast):
    paths.approved(cast)
    march = timezone.localdate().replace(month=4, day=1)
    assert issuing.issue_annual(march) >= 1
    assert issuing.issue_annual(march) == 0
    assert issuing.issue_annual(march.replace(month=2)) == 0


def test_who_leaves_office_is_bound_no_more_and_his_pledge_is_kept(cast, desks, asked):
    desks.official.send(f"/me/pledges/{asked.number}/confirm", read="1", password=PASSWORD)
    with days_ago(-1):
        clock.publish_due()
    cast.file.leave(by=cast.hr, ended_on=timezone.localdate(), reason="辞职")
    row = Pledge.objects.get(pk=asked.pk)
    assert row.state == "ENDED" and PledgeSignature.objects.filter(pledge=row).exists()


def test_a_finding_of_breach_after_notice_and_hearing_marks_the_pledge_and_its_revocation_restores_it(
    cast, desks, asked
):
    desks.official.send(f"/me/pledges/{asked.number}/confirm", read="1", password=PASSWORD)
    with days_ago(-1):
        clock.publish_due()
    assert "breach" not in desks.hr.see(f"/desk/pledges/{asked.pk}/")  # no button: only a finding
    values = builders.sample_values("OF07", subject=cast.wang, **breach_of(asked))
    record = Record(kind=Kind.objects.get(code="OF07")).enter(by=cast.hr, values=values).submit(by=cast.hr)
    record.notify(by=cast.hr2, served_on=timezone.localdate()).hear(by=cast.hr2, waived=True)
    record.review(by=cast.hr2, privacy_ok=True, secrecy_ok=True)
    assert Pledge.objects.get(pk=asked.pk).state == "IN_FORCE"
    record.confirm(by=cast.hr2, publish=False, ground="个人记录不公示")
    assert Pledge.objects.get(pk=asked.pk).state == "BREACHED"
    record.revoke(by=cast.hr2, reason="复核后撤销")
    assert Pledge.objects.get(pk=asked.pk).state == "IN_FORCE"


def breach_of(pledge: Pledge) -> dict:
    return {"pledge_no": pledge.number, "clause": "尽职尽责", "breach": "限时办结事项逾期三个月未办"}


def test_every_look_of_the_personnel_staff_is_shown_to_the_person_and_the_register_costs_few_queries(
    cast, desks, asked, django_assert_max_num_queries
):
    with django_assert_max_num_queries(14):
        desks.hr.see("/desk/pledges/")
    desks.hr.see(f"/desk/pledges/{asked.pk}/")
    assert "办理个人承诺" in desks.official.see("/me/looks/")
