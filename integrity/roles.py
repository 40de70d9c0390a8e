"""Roles of domain.md 5: who may do what, and how far each role reaches. The one place where rights are given."""

from __future__ import annotations

from dataclasses import dataclass

# Scopes say which rows a role reaches; the querysets' visible_to() and the acts' check both read them.
OWN_UNIT, COUNTY, ALL, MANAGED, SELF, NONE = "own unit", "county", "all", "managed", "self", "none"

RIGHTS: dict[str, str] = {
    "record.read": "查看管理范围内的记录",
    "record.enter": "录入、修改、提交记录",
    "record.correct": "提出更正",
    "record.review": "复核、退回、告知、听取陈述申辩",
    "record.accept": "区县验收",
    "record.confirm": "入库认定、作出公示决定、撤销",
    "record.publish": "公示、暂缓、恢复、撤回公示",
    "record.clear": "保密审查",
    "record.repair": "作出信用修复决定",
    "record.send_up": "决定向上报送",
    "record.clock": "到期处理（系统时钟）",
    "record.receive": "接收下级上报（交换）",
    "kind.nominate": "提请批准目录条目",
    "kind.approve": "批准、终止目录条目",
    "measure.impose": "实施、解除惩戒激励措施",
    "measure.decide": "从轻、免于实施惩戒",
    "measure.report": "反馈措施落实情况",
    "matter.file": "提出事项",
    "matter.handle": "受理、办理、答复事项",
    "matter.assign": "转办、督办事项",
    "matter.rate": "评价答复",
    "pledge.issue": "发起承诺",
    "pledge.sign": "签署、撤回承诺",
    "pledge.publish": "公开承诺",
    "pledge.check": "检查承诺履行",
    "pledge.template": "拟定、批准个人承诺书模板",
    "subject.manage": "登记、变更、合并主体",
    "subject.check": "信用核查",
    "official.manage": "管理公务人员诚信档案",
    "learning.manage": "组织诚信教育培训",
    "learning.take": "参加诚信学习和自测",
    "seat.grant": "授予、撤销岗位",
    "setting.change": "提出、批准参数变更",
    "import.submit": "批量导入",
    "import.confirm": "确认导入批次",
    "letter.draft": "起草文书、上传扫描件",
    "letter.issue": "签发、送达文书",
    "letter.acknowledge": "签收文书",
    "exchange.operate": "查看报送批次、重报",
    "log.operate": "维护公开日志",
    "payload.erase": "依法删除内容",
    "export": "导出数据",
    "audit": "审计查阅",
    "token.hold": "申请、撤销本人的接口令牌",
    "figures": "查看统计",
    "sector.enter": "录入重点领域项目、登记责任事项",
    "sector.release": "复核、公开、更正重点领域项目",
    "service.enter": "录入政务服务事项、办件、公开事项和依法行政指标",
    "service.release": "复核公开政务服务事项和依法行政指标",
    "sector.push": "向信用网站推送交易公告（系统时钟）",
    "article.write": "编写文章",
    "article.release": "发布文章",
}


@dataclass(frozen=True)
class Role:
    """A role: its code, name, reach, rights, the families of kinds it enters, and what it is for."""

    code: str
    label: str
    scope: str
    rights: frozenset[str]
    families: tuple[str, ...] = ()
    restricted: bool = False
    masked: bool = False  # sees personal data in the masked form of domain.md 6
    staff: bool = True
    about: str = ""

    @property
    def automatic(self) -> bool:
        """Clock and rules: what they do follows from time or from a decision, it is none of their own."""
        return self.code in ("CLOCK", "RULE")


def _role(code: str, label: str, scope: str, rights: str, families: str = "", **more: object) -> Role:
    names = frozenset(rights.split())
    if scope != NONE:
        names |= {"record.read"}
    if "letter.issue" in names:
        names |= {"letter.draft"}
    if names & {"export", "import.submit", "seat.grant"}:
        names |= {"token.hold"}
    unknown = names - RIGHTS.keys()
    if unknown:
        raise ValueError(f"{code}: unknown rights {unknown}")
    return Role(code, label, scope, names, tuple(families.split()), **more)  # type: ignore[arg-type]


_ENTER = "record.enter record.correct letter.draft import.submit matter.file letter.acknowledge subject.check"
ROLES: dict[str, Role] = {
    role.code: role
    for role in [
        _role(
            "UNIT_CLERK",
            "单位信息员",
            OWN_UNIT,
            f"{_ENTER} pledge.issue measure.report sector.enter service.enter",
            "AG DP LS SE SV",
        ),
        _role(
            "UNIT_REVIEWER",
            "单位审核人",
            OWN_UNIT,
            "record.review letter.issue letter.acknowledge matter.handle matter.rate pledge.check record.repair "
            "measure.impose measure.report subject.check sector.release service.release",
        ),
        _role(
            "HR_OFFICER",
            "组织人事干部",
            MANAGED,
            f"{_ENTER} record.review record.confirm record.repair record.send_up pledge.issue pledge.publish pledge.check "
            "measure.impose measure.decide letter.issue matter.handle subject.manage official.manage learning.manage import.confirm "
            "export figures",
            "OF",
            restricted=True,
        ),
        _role(
            "CREDIT_COUNTY",
            "区县信用办",
            COUNTY,
            "record.review record.accept letter.issue matter.handle matter.assign import.confirm subject.check figures export",
        ),
        _role(
            "CREDIT_CITY",
            "市信用办",
            ALL,
            "record.review record.confirm record.publish record.repair record.correct kind.nominate kind.approve "
            "measure.impose measure.decide matter.handle matter.assign pledge.publish pledge.check pledge.template subject.manage "
            "subject.check setting.change import.submit import.confirm letter.issue exchange.operate export figures "
            "article.write article.release seat.grant payload.erase sector.enter sector.release service.release",
        ),
        _role("SECRECY_REVIEWER", "保密审查员", ALL, "record.clear", about="可在公示前后叫停任何公示"),
        _role("SUPERVISOR", "监督联络员", OWN_UNIT, f"{_ENTER} matter.assign matter.rate pledge.check figures", "SV"),
        _role(
            "DISCIPLINE",
            "纪检监察联络员",
            MANAGED,
            f"{_ENTER} record.review record.confirm letter.issue",
            "OF",
            restricted=True,
        ),
        _role(
            "SECTOR_CLERK",
            "行业部门信息员",
            OWN_UNIT,
            f"{_ENTER} measure.impose measure.report matter.handle sector.enter service.enter",
            "SE DP LS",
        ),
        _role(
            "TOWNSHIP_CLERK", "街道乡镇信息员", OWN_UNIT, f"{_ENTER} pledge.issue sector.enter service.enter", "SE AG"
        ),
        _role(
            "OFFICIAL", "公务人员本人", SELF, "pledge.sign matter.file letter.acknowledge learning.take", staff=False
        ),
        _role(
            "AGENCY_REP",
            "政府机构代表",
            OWN_UNIT,
            "pledge.issue pledge.sign matter.file matter.handle letter.acknowledge measure.report",
        ),
        _role("COMPANY_REP", "企业代表", SELF, "pledge.sign matter.file letter.acknowledge", staff=False),
        _role("EXPERT", "评审专家本人", SELF, "pledge.sign matter.file letter.acknowledge", staff=False),
        _role("AUDITOR", "审计监督", ALL, "audit export figures", masked=True, about="个人信息脱敏，只读，查询留痕"),
        _role("LEADER", "领导", ALL, "figures"),
        _role("PLATFORM_OP", "平台运维", NONE, "exchange.operate log.operate", about="不能查看记录内容"),
        _role("SYSADMIN", "系统管理员", NONE, "seat.grant setting.change", about="只管账号和参数，不能查看记录"),
        _role("ARCHIVIST", "档案管理员", ALL, "", about="唯一可查看已封存记录的角色"),
        _role("PUBLIC", "社会公众", NONE, "matter.file matter.rate", staff=False),
        _role(
            "CLOCK",
            "系统时钟",
            ALL,
            "record.clock measure.impose matter.file matter.handle matter.assign pledge.issue pledge.publish pledge.check log.operate sector.push",
            staff=False,
        ),
        _role(
            "RULE",
            "联动规则",
            ALL,
            "record.clock record.enter record.correct record.confirm record.publish record.repair measure.impose measure.decide "
            "matter.file matter.handle matter.assign matter.rate pledge.issue pledge.publish pledge.check official.manage learning.manage measure.report sector.enter sector.release",
            "OF AG SV SE DP LS",
            restricted=True,
            staff=False,
            about="一项决定依规则带来的动作，以作出决定的人的名义",
        ),
        _role("PEER", "下级平台", ALL, "record.receive", staff=False),
    ]
}
SYSTEM_ROLES = ("PUBLIC", "CLOCK", "RULE", "PEER")
GRANTABLE = [(r.code, r.label) for r in ROLES.values() if r.code not in SYSTEM_ROLES]
# Rights whose holder decides: never on himself, his relatives, his own unit's record, or his own entry.
DECIDING = {
    "record.review",
    "record.accept",
    "record.confirm",
    "record.publish",
    "record.clear",
    "record.repair",
    "measure.impose",
    "measure.decide",
    "import.confirm",
    "official.manage",
    "sector.release",
    "service.release",
}
