"""The first day: organisations with their tree and predecessors, people and seats released by a second person."""

from integrity.codes import make_uscc
from integrity.intake.founding import load
from integrity.intake.work import sweep
from integrity.models import ImportBatch, Seat, Subject, User
from tests.integrity.intake.sheets import day, table, xlsx
from tests.integrity.intake.steps import page, send, submit

BUREAU, CENTRE, OLD = (make_uscc(f"1{k}371100YYYY4000{k}") for k in (1, 2, 3))


def organisation(name, code, **more):
    return {"机构名称": name, "统一社会信用代码": code, "机构类别": "政府部门", "区划代码": "371100"} | more


def organisations(cast):
    """A centre before its bureau, the bureau below the government and heir of an old one."""
    government = cast.orgs.government.code
    return [
        organisation("（演示）市数据中心", CENTRE, 机构类别="事业单位", 上级单位统一社会信用代码=BUREAU),
        organisation(
            "（演示）市大数据局", BUREAU, 上级单位统一社会信用代码=government,
            原单位统一社会信用代码=cast.orgs.market.code, 承继日期=day(),
        ),
    ]  # fmt: skip


def test_organisations_find_their_place_whatever_the_order(cast, desk):
    credit = desk("credit")
    batch = submit(credit, send(credit, "organisations", xlsx(table(organisations(cast)))))
    bureau, centre = Subject.objects.get(code=BUREAU), Subject.objects.get(code=CENTRE)
    assert (centre.parent, bureau.parent) == (bureau, cast.orgs.government)
    assert centre.path.startswith(bureau.path)
    cast.orgs.market.refresh_from_db()
    assert (cast.orgs.market.succeeded_by, cast.orgs.market.state) == (bureau, "ENDED")
    assert batch.state == "SUBMITTED" and batch.good == 2
    again = send(credit, "organisations", xlsx(table([organisation("（演示）市大数据局", BUREAU)])))
    assert (again.good, again.repeated) == (0, 1)


def test_wrong_organisations_come_back_with_their_reasons(cast, desk):
    rows = [
        organisation("甲", BUREAU[:-1] + ("0" if BUREAU[-1] != "0" else "1")),
        organisation("乙", CENTRE, 机构类别="部队"),
        organisation("丙", BUREAU, 区划代码="999999"),
        organisation("丁", OLD, 上级单位统一社会信用代码=BUREAU),
        organisation("戊", cast.orgs.market.code),
        organisation("己", make_uscc("11371100YYYY40009"), 原单位统一社会信用代码=cast.orgs.market.code),
    ]
    batch = send(desk("credit"), "organisations", xlsx(table(rows)))
    codes = {r.serial: [e["code"] for e in r.errors] for r in batch.rows.order_by("serial")}
    assert codes == {2: ["E05"], 3: ["E04"], 4: ["E04"], 5: ["E10"], 6: ["E11"], 7: ["E01"]}
    assert batch.good == 0


def test_superiors_in_a_circle_are_refused(cast, desk):
    rows = [
        organisation("甲", BUREAU, 上级单位统一社会信用代码=CENTRE),
        organisation("乙", CENTRE, 上级单位统一社会信用代码=BUREAU),
    ]
    batch = send(desk("credit"), "organisations", xlsx(table(rows)))
    assert batch.bad == 2 and "成环" in batch.rows.first().errors[0]["text"]


def person(username, role, code="", **more):
    return {"用户名": username, "姓名": f"{username}同志", "角色": role, "单位统一社会信用代码": code} | more


def test_seats_wait_for_a_second_person(cast, desk):
    credit, credit2 = desk("credit"), desk("credit2")
    bureau = cast.orgs.bureau.code
    rows = [
        person("li", "单位信息员", bureau, 电子邮箱="li@example.cn", 手机号="13800000000"),
        person("li", "SECTOR_CLERK", bureau),
        person("wang", "系统管理员"),
        person("clerk", "单位信息员", bureau),
    ]
    batch = send(credit, "people", xlsx(table(rows)))
    assert (batch.good, batch.repeated) == (3, 1)
    submit(credit, batch)
    li = User.objects.get(username="li")
    assert {s.state for s in li.seats.all()} == {"PENDING"} and not li.has_usable_password()
    assert "确认批次" not in page(credit, batch) and "确认批次" in page(credit2, batch)
    serials = list(batch.rows.filter(status="ENTERED").values_list("serial", flat=True))
    credit2.post(f"/desk/import/{batch.pk}/opened", {"serial": serials})
    assert credit2.post(f"/desk/import/{batch.pk}/confirm").status_code == 302
    assert Seat.objects.in_force().filter(user__username__in=["li", "wang"]).count() == 3
    assert set(Seat.objects.filter(user=li).values_list("released_by", flat=True)) == {cast.credit2.user_id}


def test_a_refused_table_of_people_gives_nobody_a_seat(cast, desk):
    credit = desk("credit")
    batch = submit(credit, send(credit, "people", xlsx(table([person("li", "单位信息员", cast.orgs.bureau.code)]))))
    assert desk("credit2").post(f"/desk/import/{batch.pk}/refuse", {"reason": "名单有误"}).status_code == 302
    assert Seat.objects.get(user__username="li").state == "REVOKED"


def test_wrong_people_come_back_with_their_reasons(cast, desk):
    bureau = cast.orgs.bureau.code
    rows = [
        person("li si", "单位信息员", bureau),
        person("zhao", "国王", bureau),
        person("qian", "单位信息员"),
        person("sun", "单位信息员", make_uscc("11371100YYYY49999")),
        person("zhou", "单位信息员", bureau, 电子邮箱="不是邮箱"),
        person("clerk", "单位审核人", bureau, 姓名="另一个人"),
        person("credit", "系统管理员"),
    ]
    batch = send(desk("credit"), "people", xlsx(table(rows)))
    codes = [[e["code"] for e in r.errors] for r in batch.rows.order_by("serial")]
    assert codes == [["E02"], ["E04"], ["E01"], ["E10"], ["E02"], ["E11"], ["E13"]]


def test_clerks_import_neither_organisations_nor_people(cast, desk):
    for form in ("organisations", "people"):
        assert desk("clerk").get(f"/desk/import/new/{form}").status_code == 403


def test_an_empty_node_is_founded_without_a_batch(cast, tmp_path):
    """bootstrap loads the tables before anybody has a seat; what is wrong comes back, nothing of it goes in."""
    path = tmp_path / "机构.xlsx"
    path.write_bytes(xlsx(table(organisations(cast))).read())
    done = load(path, "organisations", by=cast.credit)
    assert (done.entered, done.repeated, done.errors) == (2, 0, [])
    path.write_bytes(xlsx(table([organisation("丁", OLD, 区划代码="999999")])).read())
    wrong = load(path, "organisations", by=cast.credit)
    assert wrong.entered == 0 and wrong.errors[0]["row"] == 2 and "区划" in wrong.errors[0]["text"]
    assert not ImportBatch.objects.exists() and sweep() == 0
