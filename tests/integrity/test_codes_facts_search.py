"""Codes, facts and search keys: what is accepted, and the words of refusal."""

import random

import pytest

from integrity import codes
from integrity.facts import Bad, Fact, check
from integrity.models import PUBLIC, Subject
from tests import builders


@pytest.mark.parametrize(
    "code",
    [
        "11371100YYYY00012F",
        "11371102YYYY000207",
        "12371100YYYY000394",
        "54371122YYYY00055B",
        "91371100YYYY00071A",
        "92371103YYYY0008XA",
    ],
)
def test_the_fictitious_codes_of_the_field_are_right(code):
    assert codes.uscc_valid(code) and codes.uscc_problem(code) is None


def test_every_single_wrong_character_is_noticed():
    good = "91371100YYYY00071A"
    for place in range(18):
        for char in codes.USCC_CHARS:
            wrong = good[:place] + char + good[place + 1 :]
            assert codes.uscc_valid(wrong) is (wrong == good)


def test_the_words_say_which_place_is_wrong():
    assert "第 18 位" in codes.uscc_problem("91371100YYYY00071B")
    assert "17 位" in codes.uscc_problem("91371100YYYY00071")
    assert "“O”" in codes.uscc_problem("9137110OYYYY00071A")


def test_full_width_and_spaces_are_normalised_not_refused():
    assert codes.normalise_code(" ９１３７１１００ yyyy-00071a ") == "91371100YYYY00071A"
    assert codes.normalise_doc_no("日市监处罚（2026） 12号") == codes.normalise_doc_no("日市监处罚〔2026〕12号")


@pytest.mark.parametrize("number", ["371199197001010010", "371199198002290127", "371199199912311235"])
def test_identity_numbers(number):
    assert codes.id_number_valid(number)
    assert not codes.id_number_valid(number[:-1] + ("1" if number[-1] != "1" else "2"))
    assert codes.mask_id_number(number) == f"{number[:6]}********{number[-4:]}"


@pytest.mark.parametrize(
    ("name", "masked"), [("张丰", "张*"), ("张三丰", "张*丰"), ("欧阳修", "欧阳*"), ("诸葛孔明", "诸葛*明")]
)
def test_names_are_masked(name, masked):
    assert codes.mask_name(name) == masked


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("当事人身份证号371199197001010010", ["身份证号"]),
        ("联系电话１３８００００１２３４", ["手机号"]),
        ("账户6222020200112233445", ["银行卡号"]),
        ("车辆鲁LA1234违停", ["车牌号"]),
        ("统一社会信用代码91371100YYYY00071A，合同20260101001号", []),
        ("应于 2026-06-30 前支付工程款本息", []),
    ],
)
def test_personal_data_is_found_in_public_text(text, found):
    assert codes.personal_data(text) == found


def test_public_numbers_are_random_and_never_a_count():
    numbers = {codes.public_number("RZ-AG02", 2026) for _ in range(500)}
    assert len(numbers) == 500 and all(len(n) == len("RZ-AG02-2026-12345678") for n in numbers)


FACTS = (
    Fact("name", "名称", max=10),
    Fact("day", "日期", "date", required=False),
    Fact("money", "金额（万元）", "amount", required=False),
    Fact("grade", "级别", "choice", required=False, options=("甲", "乙")),
    Fact("many", "类别", "multi", required=False, options=("罚款", "警告")),
    Fact("count", "数量", "int", required=False, min=1, max=12),
)


def test_facts_parse_what_people_write():
    raw = {
        "name": " 甲公司 ",
        "day": "2026年1月5日",
        "money": "1,234.50",
        "grade": "甲",
        "many": "罚款、警告",
        "count": "３",
    }
    clean, errors = check(FACTS, raw)
    assert not errors
    assert clean == {
        "name": "甲公司",
        "day": "2026-01-05",
        "money": "1234.5",
        "grade": "甲",
        "many": "罚款；警告",
        "count": 3,
    }


@pytest.mark.parametrize(
    ("raw", "field", "words"),
    [
        ({"name": "无"}, "name", "请填写名称"),
        ({"name": "一" * 11}, "name", "不能超过 10 字"),
        ({"name": "a", "day": "2026-02-30"}, "day", "不是有效日期"),
        ({"name": "a", "money": "三万元"}, "money", "不是数字"),
        ({"name": "a", "money": "-1"}, "money", "不能为负"),
        ({"name": "a", "grade": "丙"}, "grade", "甲、乙"),
        ({"name": "a", "count": "13"}, "count", "1 至 12"),
        ({"name": "a", "other": "x"}, "other", "没有字段"),
    ],
)
def test_facts_refuse_with_a_sentence(raw, field, words):
    _, errors = check(FACTS, raw)
    assert words in str(errors[field])


def test_a_date_that_is_no_date_is_bad():
    with pytest.raises(Bad):
        FACTS[1].parse("昨天")


def find(query):
    return list(Subject.objects.visible_to(PUBLIC).search(query).values_list("name", flat=True))


@pytest.mark.parametrize(
    "query", ["交通运输", "运输", "交通 运输局", "JTYSJ", "jtys", "jiaotong", "11371100yyyy10002", "交通運輸"]
)
def test_a_subject_is_found_by_part_of_name_pinyin_and_code(cast, query):
    wanted = cast.orgs.bureau
    query = wanted.code.lower() if query.startswith("1137") else query
    assert wanted.name in find(query)


def test_digits_and_letters_inside_a_name_are_found(cast):
    builders.subject("日照市第1中学A区分校（演示）", "12371100YYYY30001", agency_kind="INSTITUTION")
    for query in ("第1中", "1中学", "学a", "A区分"):
        assert find(query) == ["日照市第1中学A区分校（演示）"]


def test_one_character_is_too_short_and_persons_are_never_found(cast):
    assert find("交") == []
    assert find("王诚信") == []


def test_search_survives_any_input(cast):
    rng = random.Random(7)
    alphabet = "局 '\"&|!():*\\\x00日照a1；<>　﹏"
    for _ in range(200):
        find("".join(rng.choice(alphabet) for _ in range(rng.randint(0, 12))))


def test_a_person_is_found_by_number_only_through_the_blind_index(cast):
    row = Subject.objects.visible_to(cast.hr).by_id_number("371199198002290127").get()
    assert row == cast.wang and "371199198002290127" not in str(row.__dict__)
    assert row.id_masked == "371199********0127"


def test_a_sealed_number_does_not_open_in_another_row(cast):
    other = Subject(form="PERSON", name="李", id_sealed=cast.wang.id_sealed)
    with pytest.raises(ValueError, match="does not open"):
        _ = other.id_masked


def test_a_wrong_code_is_refused_at_registration():
    with pytest.raises(Exception, match="校验位"):
        builders.Subject(form="AGENCY", name="x", code="91371100YYYY00071B").prepare()
