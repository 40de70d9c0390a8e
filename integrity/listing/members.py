"""The words of the interface: every member of every answer with its type and its Chinese meaning."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

UID, VERSION = "uid uuid 随机标识，对外引用一律用它", "version int 版本，每次办理加一"
KIND = ["kind text 目录代码", "kind_name text 目录名称"]
# member, type (a ? after it: may be null), meaning; a * before it: only for seats that see the row from inside
MEMBERS: dict[str, list[str]] = {
    "Unit": ["name text 单位名称", "code text 统一社会信用代码，未知时为空"],
    "Place": ["code text 区划代码", "name text 名称"],
    "SubjectName": [
        "form text 主体类别",
        "name text 名称；自然人按角色脱敏",
        "code text 统一社会信用代码；自然人没有",
    ],
    "Record": [
        UID, VERSION, "number text 记录编号", *KIND, "subject subject 信用主体", "source_unit unit 信息提供单位", "title text 事项名称",
        "fact text 失信事实或者事项摘要", "doc_type text 文书类型", "doc_no text 文书号", "deciding_unit unit 认定单位",
        "decided_on day 认定日期", "effective_on day? 生效日期", "act_ended_on day? 失信行为终止日期", "legal_basis text 认定依据",
        "tier text 失信等级：none、minor、general、serious", "facts object 该类目的数据项，含义见 kinds",
        "public_from day? 公示日期", "until day? 停止公示和使用的日期（不含当日）", "repair_from day? 最早可修复日期",
        "flags object 标记：异议处理中、整改中、从轻、免于惩戒",
        "*subject_uid uuid 信用主体的 uid", "*kind_edition int 目录版次", "*state text 记录状态", "*publicity text 公示状态", "*suspended bool 暂缓公示",
        "*publish_decided bool? 是否决定公示", "*publish_ground text 公示决定的理由", "*ended_reason text 终止理由",
        "*send_up bool? 决定上报", "*served_on day? 文书送达日期", "*notified_on day? 告知日期", "*statement_due day? 陈述申辩截止日期",
        "*heard_on day? 听取陈述申辩日期", "*heard_outcome text 陈述申辩的处理", "*entered_at instant? 录入时间",
        "*submitted_at instant? 提交时间", "*confirmed_at instant? 入库时间", "*published_at instant? 公示时间",
        "*parties list 相关责任人（仅单条）", "*corrections list 已采用的更正（仅单条）",
    ],
    "Subject": [
        UID, VERSION, "code text 统一社会信用代码", "name text 名称；自然人按角色脱敏", "form text 主体类别", "agency_kind text 机构类别",
        "public_service text 公共服务行业", "state text 状态", "area place? 区划", "parent unit? 上级单位", "succeeded_by text 职责承继单位的代码",
        "head text 法定代表人或者单位负责人；个体工商户不返回", "address text 注册地址；个体工商户不返回", "valid_from day? 成立日期",
        "valid_until day? 撤销日期", "*is_official bool 是否公务人员（仅自然人）", "*id_number text 证件号码前六后四位（仅自然人、仅单条）",
    ],
    "Measure": [
        UID, VERSION, "number text 措施编号", *KIND, "subject subject 信用主体", "record object 依据的记录：uid 和编号", "basis text 依据",
        "effect text 效力：mandatory 依法必须，reference 供参考", "decided_unit unit 决定单位", "decided_on day 决定日期", "doc_no text 决定文号",
        "starts_on day 起始日期", "until day? 截止日期（不含当日）", "state text 状态", "*subject_uid uuid 信用主体的 uid", "*executed text 落实反馈", "*executed_on day? 落实日期",
        "*lifted_on day? 解除日期", "*lifted_reason text 解除原因",
    ],
    "Pledge": [
        UID, VERSION, "number text 承诺书编号", *KIND, "subject subject 承诺主体", "unit unit 所在单位", "occasion text 承诺场合", "post text 签署时职务",
        "template text 模板和版本", "title text 标题",
        "text text 承诺全文", "sha256 text 所签文本的摘要", "level text 签署级别：S、A、B、C", "thumbprint text 密钥指纹", "signer text 签署人", "signed_at instant? 签署时间",
        "published_at instant? 公开时间", "valid_until day? 有效期至", "state text 状态", "*subject_uid uuid 承诺主体的 uid", "*due_on day? 应签日期", "*public bool 是否向社会公开",
        "*ended_reason text 终止理由",
    ],
    "Matter": [
        UID, VERSION, *KIND, "about subject? 涉及主体", "record uuid? 涉及记录的 uid", "unit unit? 承办单位", "number text 事项编号", "title text 标题",
        "state text 状态", "outcome text 结果", "rating text 评价", "clock text 时限规则代码", "started_on day? 起算日期", "due_on day? 办理期限",
        "paused_on day? 暂停日期", "extension int 延长", "urged int 催办次数", "received_at instant? 收到时间", "replied_at instant? 答复时间",
        "closed_at instant? 办结时间",
    ],
    "Kind": [
        "code text 目录代码，永不改名、永不重用", "name text 名称", "shape text 形态：record、matter、measure、pledge", "edition int 版次",
        "state text 状态：PROPOSED、NOMINATED、APPROVED、ENDED", "doc_no text 批准文号", "valid_from day? 生效日期", "valid_until day? 终止日期",
        "text object 条目全文：依据、披露方式、公示期、数据项等", "text_hash text 条目全文的 SHA-256",
    ],
    "Area": [
        "code text 区划代码", "name text 名称", "kind text 类型", "parent text? 上级代码", "gb_code text 对外交换用的国标代码",
        "valid_from day? 启用日期", "valid_until day? 停用日期",
    ],
    "EventItem": [
        "seq int 日志序号，从 0 起连续", "uid uuid 对象的随机标识", "type text 对象类型", "verb text 动作", "at instant 时间", "version int 对象的版本",
        "by text 单位代码", "actor text 操作人和岗位（仅令牌）", "changed texts 改变了的字段（仅令牌）", "values object 当时公开的内容",
        "proof object 证明：日志叶、字段的盐和值、未公开字段的摘要",
    ],
    "StateRoot": [
        "origin text 日志名称", "size int 条目数", "root text 默克尔树根，十六进制", "checkpoint text? 这一大小的签名检查点；不是封存批次的边界时为空",
    ],
    "Export": [
        UID, "resource text 资源", "format text 格式：ndjson、csv", "query object 过滤条件", "purpose text 用途", "state text 状态：ASKED、READY、FAILED",
        "rows int 行数", "size int 字节数", "sha256 text 文件摘要", "checkpoint int? 导出时日志的大小", "failure text 失败原因", "asked_at instant 申请时间",
        "ready_at instant? 完成时间", "valid_until instant? 文件保留至", "file text? 下载地址，完成后才有",
    ],
    "Problem": [
        "type text 错误代码，见错误目录", "title text 标题", "status int 状态码", "detail text 说明", "errors object 按字段的原因",
        "known texts 可用的参数或者字段", "unknown texts 不认识的参数",
    ],
}  # fmt: skip
PARTS = {"unit": ("name", "code"), "subject": ("form", "name", "code"), "place": ("name", "code")}
PART_WORDS = {"name": "名称", "code": "代码", "form": "类别"}


def columns(schema: str, inside: bool) -> Iterator[tuple[str, str, str]]:
    """The columns of a table of items: member, part of it (or none), heading. Named units become columns of their own."""
    for line in MEMBERS[schema]:
        name, kind, meaning = line.lstrip("*").split(" ", 2)
        if line[0] == "*" and not inside:
            continue
        head = re.split("[：；，（]", meaning)[0]
        for part in PARTS.get(kind.rstrip("?"), ("",)):
            yield name, part, head + PART_WORDS.get(part, "")


def cell(item: dict[str, Any], name: str, part: str) -> Any:
    """What stands in one cell; None where the item does not have it."""
    value = item.get(name)
    return value.get(part) if part and isinstance(value, dict) else None if part else value
