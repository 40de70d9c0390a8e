"""Search keys of names: bigrams of the normalised name, pinyin in full and as initials."""

import re
import unicodedata
from functools import cache

# Traditional characters seen in names of organisations, folded so that both spellings find the same subject.
_FOLD = str.maketrans(
    "發財務會計國際區縣鎮鄉設備電氣實業貿東車馬龍門開關陽陳劉張趙楊黃華偉強軍員單雙醫藥農漁銀鐵廠廣錦興榮達運輸網絡監督環護書記黨領導級綜議證號條資產權訴",
    "发财务会计国际区县镇乡设备电气实业贸东车马龙门开关阳陈刘张赵杨黄华伟强军员单双医药农渔银铁厂广锦兴荣达运输网络监督环护书记党领导级综议证号条资产权诉",
)
_JUNK = re.compile(r"[\x00-\x1f\s·•\-—－_,，.。、()（）\[\]【】《》<>“”\"'‘’:：;；/\\|]+")
SURNAMES = {
    "单": "shan",
    "曾": "zeng",
    "仇": "qiu",
    "解": "xie",
    "查": "zha",
    "盖": "ge",
    "区": "ou",
    "朴": "piao",
    "尉": "yu",
    "乐": "yue",
}
MIN_QUERY = 2


def normalise(text: str) -> str:
    """NFKC, simplified, lower case, without spaces and punctuation."""
    return _JUNK.sub("", unicodedata.normalize("NFKC", text).translate(_FOLD).lower())


def bigrams(text: str) -> list[str]:
    """Overlapping pairs of characters; Latin runs stay whole words as well."""
    return [text[i : i + 2] for i in range(len(text) - 1)]


@cache
def _syllable(char: str) -> str:
    from pypinyin import lazy_pinyin  # imported late: 0.8 s

    return lazy_pinyin(char)[0].lower()


def pinyin(text: str) -> list[str]:
    """Syllables of the Chinese characters in a normalised name; the first one by its reading as a surname."""
    chars = [c for c in text if "\u3400" <= c <= "\u9fff"]
    return [SURNAMES.get(c) or _syllable(c) if i == 0 else _syllable(c) for i, c in enumerate(chars)]


LONGEST = 20  # characters of a name and letters of a pinyin run that are indexed


def search_keys(name: str) -> str:
    """Lexemes of a name, separated by spaces: bigrams, and runs of initials (i…) and pinyin (p…) from every syllable on."""
    text = normalise(name)
    syllables = pinyin(text)[:LONGEST]
    initials = "".join(s[0] for s in syllables)
    runs = [f"i{initials[i:]}" for i in range(len(initials) - 1)]
    runs += [f"p{''.join(syllables[i : i + 6])[:LONGEST]}" for i in range(len(syllables))]
    return " ".join(dict.fromkeys([*bigrams(text), *runs]))


def sort_key(name: str) -> str:
    """Pinyin key that lists sort by, since the database's own order is by bytes."""
    return " ".join(pinyin(normalise(name)))[:120] or normalise(name)[:120]


def tsquery(query: str) -> str:
    """The tsquery of what a person typed: every bigram, or a pinyin prefix for Latin letters. Empty when too short."""
    text = normalise(query)
    if len(text) < MIN_QUERY:
        return ""
    if text.isascii() and text.isalpha():
        run = text[:LONGEST]
        return f"i{run}:* | p{run}:* | {' & '.join(bigrams(text))}"
    return " & ".join("'" + gram.replace("'", "''") + "'" for gram in dict.fromkeys(bigrams(text)))
