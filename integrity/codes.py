"""Codes and numbers of the field: USCC, ID numbers, document numbers, public numbers."""

import base64
import os
import re
import unicodedata
from datetime import date
from operator import mul

USCC_CHARS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUE = {c: i for i, c in enumerate(USCC_CHARS)}
_WEIGHTS = [pow(3, i, 31) for i in range(17)]
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
AGENCY_PREFIXES = ("11", "12", "13", "19", "54", "55")  # GB 32100: government bodies of task 10
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
EMPTY_WORDS = {"", "无", "-", "—", "空", "/", "暂无", "null", "NULL", "None"}


def normalise_code(text: str) -> str:
    """A code as machines compare it: half-width, upper case, without spaces and hyphens."""
    if text.isascii() and text.isalnum():
        return text.upper()
    text = unicodedata.normalize("NFKC", str(text)).strip().upper()
    return re.sub(r"[\s\-]", "", text)


_BRACKETS = str.maketrans("[【(]】)", "〔〔〔〕〕〕")


def normalise_doc_no(text: str) -> str:
    """A document number for comparison: brackets of every kind alike, no spaces; the text itself is kept as written."""
    return "".join(unicodedata.normalize("NFKC", str(text)).translate(_BRACKETS).split())


def uscc_check_char(code: str) -> str | None:
    """Character 18 that belongs to the first 17 (GB 32100-2015), or None if one of them is not in the set."""
    try:
        values = [_VALUE[char] for char in code[:17]]
    except KeyError:
        return None
    return USCC_CHARS[-sum(map(mul, values, _WEIGHTS)) % 31]


def uscc_valid(code: str) -> bool:
    """Whether these 18 characters are a unified social credit code with a right check character."""
    return len(code) == 18 and uscc_check_char(code) == code[17]


def uscc_problem(code: str) -> str | None:
    """Why a code is wrong, in the words a clerk reads; None when it is right."""
    if len(code) != 18:
        return f"统一社会信用代码应为 18 位，现为 {len(code)} 位"
    wanted = uscc_check_char(code)
    if wanted is None:
        bad = next(c for c in code if c not in _VALUE)
        return f"统一社会信用代码含有不允许的字符“{bad}”（不使用 I、O、Z、S、V）"
    if wanted != code[17]:
        return "统一社会信用代码校验位不正确，请核对第 18 位"
    return None


def make_uscc(first17: str) -> str:
    """A code with its check character, for demonstration and tests."""
    return first17 + (uscc_check_char(first17) or "0")


def id_number_valid(number: str) -> bool:
    """Whether this is a citizen identity number with a right check character (GB 11643-1999)."""
    if not re.fullmatch(r"\d{17}[\dXx]", number):
        return False
    total = sum(int(d) * w for d, w in zip(number, _ID_WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == number[-1].upper() and _born(number)


def _born(number: str) -> bool:
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return True


def mask_id_number(number: str) -> str:
    """First 6, 8 stars, last 4: the inside, masked view of domain.md 6."""
    return f"{number[:6]}{'*' * 8}{number[-4:]}" if len(number) >= 15 else "*" * len(number)


COMPOUND_SURNAMES = {"欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "令狐", "慕容", "夏侯", "端木"}


def mask_name(name: str) -> str:
    """张丰 → 张*, 张三丰 → 张*丰, 欧阳修 → 欧阳*: first and last kept, compound surnames keep two (domain.md 6)."""
    if name[:2] in COMPOUND_SURNAMES and len(name) > 2:
        return name[:2] + "*" * (len(name) - 3) + (name[-1] if len(name) > 3 else "*")
    if len(name) <= 1:
        return name
    return name[0] + "*" if len(name) == 2 else name[0] + "*" * (len(name) - 2) + name[-1]


_TO_CROCKFORD = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", CROCKFORD.encode())


def random_token(length: int = 8) -> str:
    """Random Crockford characters: 5 bits each, no I L O U."""
    return base64.b32encode(os.urandom(length)).translate(_TO_CROCKFORD).decode()[:length]


def public_number(prefix: str, year: int) -> str:
    """A number shown outside: prefix-year-8 random characters, never a count (contract.md)."""
    return f"{prefix}-{year}-{random_token()}"


_ID = re.compile(
    r"(?<![0-9A-Za-z])[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![0-9A-Za-z])"
)
_PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_CARD = re.compile(r"(?<!\d)(?:62|4|5[1-5])\d{14,17}(?!\d)")
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·\s]?[A-HJ-NP-Z0-9]{5,6}(?![A-Z0-9])"
)
_HOME = re.compile(r"(?:家庭住址|住址|现住|户籍地)[：:为]?\s*\S{4,}")
_RUN = re.compile(r"[\d⁰¹²³⁴-⁹₀-₉⓪①-⑨]{11}")  # every character that NFKC makes a digit
_MAYBE_PLATE = re.compile("[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-ZＡ-Ｚ]")


def personal_data(text: str) -> list[str]:
    """Personal data found in a text meant for the public: the kinds found, in Chinese; an empty list when clean.

    Blocks publication, never cuts silently (domain.md 6). Cheap looks first: most texts hold none of it.
    """
    digits, plate, home = _RUN.search(text), _MAYBE_PLATE.search(text), "住" in text or "户籍" in text
    if not (digits or plate or home):
        return []
    folded = unicodedata.normalize("NFKC", text)
    looks = [(digits, _ID, "身份证号"), (digits, _PHONE, "手机号"), (digits, _CARD, "银行卡号")]
    looks += [(plate, _PLATE, "车牌号"), (home, _HOME, "住址")]
    return [word for wanted, pattern, word in looks if wanted and pattern.search(folded)]


def mask_text(text: str) -> str:
    """A text for a reader who may not see numbers: ID numbers, phones and cards keep head and tail (domain.md 6)."""
    if not _RUN.search(text):
        return text
    text = "".join(unicodedata.normalize("NFKC", c) if c.isdigit() else c for c in text)
    text = _ID.sub(lambda m: mask_id_number(m[0]), text)
    text = _PHONE.sub(lambda m: f"{m[0][:3]}****{m[0][-4:]}", text)
    return _CARD.sub(lambda m: f"{'*' * (len(m[0]) - 4)}{m[0][-4:]}", text)
