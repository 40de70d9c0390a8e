"""依法行政指标: what is counted of an agency's lawful administration in a year, each a part of a whole (task 6)."""

from __future__ import annotations

from typing import NamedTuple


class Indicator(NamedTuple):
    """One figure: what the part and the whole count, on which ground, and whether more of it is welcome."""

    code: str
    name: str
    part: str
    whole: str
    basis: str
    good: str = "more"


INDICATORS = {i.code: i for i in (
    Indicator("review", "规范性文件合法性审核率", "经合法性审核的件数", "制发行政规范性文件件数", "国办发〔2018〕115号"),
    Indicator("reconsidered", "行政复议纠错率", "被撤销、变更、确认违法或者责令履行的件数", "审结的行政复议案件数", "行政复议法", "less"),
    Indicator("litigated", "行政诉讼败诉率", "败诉的件数", "审结的行政诉讼一审案件数", "行政诉讼法", "less"),
    Indicator("head", "负责人出庭应诉率", "负责人出庭应诉的件数", "应当出庭应诉的件数", "行政诉讼法第三条第三款"),
    Indicator("performed", "生效裁判履行率", "已履行的件数", "应当履行的生效行政裁判件数", "行政诉讼法第九十四条"),
    Indicator("enforcement", "行政执法公示率", "按期公示的件数", "应当公示的行政执法决定件数", "国办发〔2018〕118号"),
)}  # fmt: skip
