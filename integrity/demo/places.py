"""Invented districts, organisations and people of the demonstration; nothing here is or was anybody (domain.md 2.22, 4.3)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from django.conf import settings

from integrity.codes import make_uscc
from integrity.models import Area, MomentSeat, Subject

MARK = "（演示）"
DISTRICTS = {
    "3711D1": "临海区", "3711D2": "望川区", "3711D3": "云岭县", "3711D4": "金沙县", "3711D5": "港湾新区",
}  # fmt: skip
TOWNS = [
    "青石", "白沙", "桃源", "清泉", "松岭", "石桥", "柳河", "双塔", "金滩", "南屏", "望海", "龙泉", "凤栖", "古渡", "红枫", "碧湖", "长堤", "玉泉", "云台", "新港", "东皋", "西岭", "北辰", "临江", "大河", "小湾", "梅林", "竹溪", "兰亭", "荷塘",
]  # fmt: skip
CITY_UNITS = {  # key: name, kind
    "office": ("市人民政府办公室", "GOV_DEPT"), "credit": ("市发展和改革委员会", "GOV_DEPT"), "transport": ("市交通运输局", "GOV_DEPT"),
    "market": ("市市场监督管理局", "GOV_DEPT"), "finance": ("市财政局", "GOV_DEPT"), "housing": ("市住房和城乡建设局", "GOV_DEPT"),
    "ecology": ("市生态环境局", "GOV_DEPT"), "industry": ("市工业和信息化局", "GOV_DEPT"), "civil": ("市民政局", "GOV_DEPT"),
    "audit": ("市审计局", "GOV_DEPT"), "education": ("市教育局", "GOV_DEPT"), "water": ("市水利局", "GOV_DEPT"),
    "science": ("市科学技术局", "GOV_DEPT"), "police": ("市公安局", "GOV_DEPT"), "justice": ("市司法局", "GOV_DEPT"),
    "labour": ("市人力资源和社会保障局", "GOV_DEPT"), "land": ("市自然资源和规划局", "GOV_DEPT"), "farming": ("市农业农村局", "GOV_DEPT"),
    "commerce": ("市商务局", "GOV_DEPT"), "culture": ("市文化和旅游局", "GOV_DEPT"), "health": ("市卫生健康委员会", "GOV_DEPT"),
    "safety": ("市应急管理局", "GOV_DEPT"), "approval": ("市行政审批服务局", "GOV_DEPT"), "data": ("市大数据发展局", "GOV_DEPT"),
    "order": ("市城市管理局", "GOV_DEPT"), "investment": ("市投资促进中心", "INSTITUTION"), "trading": ("市公共资源交易中心", "INSTITUTION"),
    "personnel": ("市组织人事部门", "OTHER_ORGAN"), "discipline": ("市纪检监察部门", "OTHER_ORGAN"), "secrecy": ("市保密部门", "OTHER_ORGAN"),
    "supervision": ("市政务诚信督察办公室", "OTHER_ORGAN"), "court": ("演示市中级人民法院", "OTHER_ORGAN"), "statistics": ("市统计局", "GOV_DEPT"),
}  # fmt: skip
DISTRICT_UNITS = [
    "发展和改革局", "教育局", "财政局", "交通运输局", "住房和城乡建设局", "市场监督管理局", "农业农村局", "卫生健康局",
]  # fmt: skip
COMPANIES = [
    "海岳", "云帆", "瑞泽", "恒远", "新岸", "金岭", "润川", "安澜", "启明", "永固", "鼎和", "华泰丰", "中科汇", "绿源", "众诚", "东方港", "利民", "宏图", "天润", "北斗星", "百川", "立信", "同舟", "远航",
]  # fmt: skip
TRADES = [
    "建设工程", "物流", "食品", "环保科技", "信息技术", "招标代理", "园林", "装备制造", "商贸", "水产", "建材", "能源", "医药", "农业", "餐饮管理", "物业服务",
]  # fmt: skip
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = [
    "文海", "思远", "立行", "明德", "知礼", "守正", "清源", "致和", "怀瑾", "若水", "景行", "修远", "子衿", "安之", "承诺", "言午", "一诺", "长青", "望舒", "千里", "慎独", "敏行", "和光", "行知",
]  # fmt: skip

REGISTRAR = MomentSeat("CREDIT_CITY")


class Codes:
    """Fictitious social credit codes with right check characters, one after another (GB 32100, GB 11714)."""

    def __init__(self) -> None:
        self.last = 0

    def make(self, prefix: str) -> str:
        self.last += 1
        eight = f"YY{self.last:06d}"
        values = [int(c) if c.isdigit() else ord(c) - 55 for c in eight]
        rest = 11 - sum(v * w for v, w in zip(values, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
        return make_uscc(f"{prefix}371199{eight}{'X' if rest == 10 else 0 if rest == 11 else rest}")


def districts(rng: Random, towns: int) -> dict[str, list[Area]]:
    """The invented districts under the city, each with its townships: code → [district, township, …]."""
    city = Area.objects.get(code=settings.CITY_AREA)
    names, made = iter(TOWNS), {}
    for code, name in DISTRICTS.items():
        kind = "FUNCTIONAL_ZONE" if name.endswith("新区") else "COUNTY"
        made[code] = [_area(code, name, kind, city)]
        for i in range(towns):
            street = rng.random() < 0.4
            town = f"{next(names)}{'街道' if street else '镇'}"
            made[code].append(_area(f"{code}{i + 1:03d}", town, "SUBDISTRICT" if street else "TOWNSHIP", made[code][0]))
    return made


def _area(code: str, name: str, kind: str, parent: Area) -> Area:
    return Area.objects.get_or_create(code=code, defaults={"name": name + MARK, "kind": kind, "parent": parent})[0]


class Registry:
    """Registers the organisations and people of the city by acts, and knows them by key."""

    def __init__(self, rng: Random) -> None:
        self.rng, self.codes, self.seq = rng, Codes(), 0
        self.units: dict[str, Subject] = {}  # offices by key, in the order they were founded
        self.companies: list[Subject] = []
        self.people: list[Subject] = []

    def _register(self, name: str, prefix: str, **columns: Any) -> Subject:
        row = Subject(name=name + MARK if name != "个体工商户" else name, code=self.codes.make(prefix), **columns)
        return row.register(by=REGISTRAR)

    def found_city(self) -> None:
        area = Area.objects.get(code=settings.CITY_AREA)
        base = {"form": "AGENCY", "area": area}
        head = self._register("演示市人民政府", "11", agency_kind="GOVERNMENT", head=self.name(), **base)
        self.units["government"] = head
        for key, (name, kind) in CITY_UNITS.items():
            prefix = "12" if kind == "INSTITUTION" else "11"
            more = {"agency_kind": kind, "parent": head, "head": self.name(), "address": "演示市海曲路 1 号"}
            self.units[key] = self._register(name, prefix, **base, **more)

    def found_upper(self) -> Subject:
        """The one office of an upper platform."""
        area = Area.objects.get(code=f"{settings.CITY_AREA[:2]}0000")
        return self._register(
            "演示省社会信用中心", "12", form="AGENCY", agency_kind="INSTITUTION", area=area, head=self.name()
        )

    def found_district(self, areas: list[Area], offices: int, villages: int) -> None:
        """A district's government, its offices, its townships with villages, and a school and a hospital."""
        district, towns = areas[0], areas[1:]
        code, name = district.code, district.name.removesuffix(MARK)
        zone, up = district.kind == "FUNCTIONAL_ZONE", self.units["government"]
        title, kind = (f"{name}管理委员会", "COMMITTEE_ZONE") if zone else (f"{name}人民政府", "GOVERNMENT")
        head = self._register(title, "11", form="AGENCY", agency_kind=kind, area=district, parent=up, head=self.name())
        self.units[code] = head
        base = {"form": "AGENCY", "area": district, "parent": head}
        for i, office in enumerate(DISTRICT_UNITS[:offices]):
            self.units[f"{code}.{i}"] = self._register(
                f"{name}{office}", "11", agency_kind="GOV_DEPT", head=self.name(), **base
            )
        for i, school in enumerate(("第一实验学校", "人民医院")):
            self.units[f"{code}.s{i}"] = self._register(f"{name}{school}", "12", agency_kind="INSTITUTION", **base)
        for town in towns:
            self._found_town(town, head, villages)

    def _found_town(self, town: Area, district: Subject, villages: int) -> None:
        name, street = town.name.removesuffix(MARK), town.kind == "SUBDISTRICT"
        title, kind = (f"{name}办事处", "SUBDISTRICT") if street else (f"{name}人民政府", "TOWNSHIP")
        base = {"form": "AGENCY", "area": town}
        head = self._register(title, "11", agency_kind=kind, parent=district, head=self.name(), **base)
        self.units[town.code] = head
        for i in range(villages):
            word = self.rng.choice("东西南北上下前后") + self.rng.choice("沟岭湾庄埠崖坪港")
            title, kind, prefix = (
                (f"{name}{word}社区居民委员会", "RESIDENT_COMMITTEE", "55")
                if street
                else (f"{name}{word}村村民委员会", "VILLAGE_COMMITTEE", "54")
            )
            self.units[f"{town.code}.{i}"] = self._register(title, prefix, agency_kind=kind, parent=head, **base)

    def found_companies(self, count: int, traders: int, areas: list[Area]) -> None:
        names = [f"{a}{b}有限公司" for a in COMPANIES for b in TRADES]
        self.rng.shuffle(names)
        for name in names[:count]:
            more = {
                "area": self.rng.choice(areas),
                "head": self.name(),
                "address": f"演示市{self.rng.choice(TOWNS)}路 {self.rng.randint(1, 199)} 号",
            }
            self.companies.append(self._register(name, "91", form="ENTERPRISE", **more))
        for _ in range(traders):
            self.companies.append(self._register("个体工商户", "92", form="SOLE_TRADER", area=self.rng.choice(areas)))

    def name(self) -> str:
        return self.rng.choice(SURNAMES) + self.rng.choice(GIVEN)

    def person(self, name: str = "", unit: Subject | None = None, official: bool = True, number: str = "") -> Subject:
        """An invented official of a unit, or another person, with a number of the area 371199 that nobody has."""
        self.seq += 1
        more = (
            {"is_official": True, "managed_by": self.units["personnel"], "area": unit.area} if official and unit else {}
        )
        row = Subject(name=name or self.name(), form="PERSON", parent=unit, **more)
        born = date(1965, 1, 1) + timedelta(days=self.rng.randint(0, 12_000))
        row.register(by=REGISTRAR, id_number=number or id_number(f"371199{born:%Y%m%d}{self.seq % 1000:03d}"))
        self.people.append(row)
        return row

    def offices(self) -> Iterator[Subject]:
        """Agencies that have staff, villages and committees left out."""
        return (u for u in self.units.values() if "COMMITTEE" not in u.agency_kind or u.agency_kind == "COMMITTEE_ZONE")


def id_number(first17: str) -> str:
    """A citizen's number with its check character (GB 11643)."""
    total = sum(int(d) * w for d, w in zip(first17, (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    return first17 + "10X98765432"[total % 11]
