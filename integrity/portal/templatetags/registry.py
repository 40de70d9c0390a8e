"""Template tags of the registry, available everywhere: chips, deadlines, fields, pages, bars."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template
from django.db.models import Model
from django.utils import timezone

from integrity.clocks import colour, remaining
from integrity.codes import mask_name
from integrity.ledger import alarm, proofs
from integrity.models import work_calendar
from integrity.snapshot import state_label
from integrity.status import tone

register = template.Library()
FAR = 3650  # days beyond which a count of days left says nothing


@register.inclusion_tag("components/chip.html")
def chip(row: Model, axis: str = "state") -> dict[str, str]:
    """A state in shape, word and colour; the words come from the closed vocabulary."""
    return {"word": state_label(row, axis), "tone": tone(row._meta.model_name, axis, getattr(row, axis))}


@register.inclusion_tag("components/chip.html")
def word_chip(word: str, tone: str = "") -> dict[str, str]:
    """A chip for a word that is no state of a row."""
    return {"word": word, "tone": tone}


@register.inclusion_tag("components/due.html")
def due(on: date | None, paused: Any = None) -> dict[str, Any]:
    """A deadline: words, absolute date, colour (brief 0.12)."""
    today, cal = timezone.localdate(), work_calendar()
    shade = {"red": "bad", "yellow": "warn", "green": "ok", "blue": "info"}[colour(on, today, cal, paused=bool(paused))]
    return {"on": on, "tone": shade, "words": due_words(on, today, paused)}


def due_words(on: date | None, today: date, paused: Any = None) -> str:
    """已逾期 2 个工作日, 今天到期, 还剩 3 个工作日, 已暂停."""
    if paused or on is None:
        return "已暂停" if paused else "无期限"
    left = remaining(on, today, work_calendar())
    if left < 0:
        return f"已逾期 {-left} 个工作日"
    return "今天到期" if left == 0 else f"还剩 {left} 个工作日"


@register.inclusion_tag("components/field.html")
def field(bound: Any) -> dict[str, Any]:
    """A form field in the site's own markup: label, hint, message, control."""
    return {
        "f": bound,
        "choices": getattr(bound.field.widget, "input_type", "") in ("radio", "checkbox")
        and hasattr(bound.field.widget, "choices"),
    }


@register.inclusion_tag("components/errors.html")
def error_summary(form: Any) -> dict[str, Any]:
    """What has to be changed, above the heading, with links to the fields."""
    items = [(f.id_for_label, e) for f in form for e in f.errors] if form.is_bound else []
    return {"items": items, "general": form.non_field_errors() if form.is_bound else []}


@register.inclusion_tag("components/empty.html")
def empty(title: str, text: str = "", url: str = "", action: str = "") -> dict[str, str]:
    """Nothing here: what was looked for, why it may be empty, one next step."""
    return {"title": title, "text": text, "url": url, "action": action}


@register.inclusion_tag("components/proof.html")
def proof(row: Model) -> dict[str, Any]:
    """What the public log says of a published row, with its proof to download: being sealed, sealed, or a mismatch."""
    standing = proofs.standing(row)
    if standing.state == proofs.MISMATCH:
        alarm.tell(
            f"row:{row.pk}",
            "页面内容与存证不一致",
            f"{row._meta.verbose_name} {row.pk} 与台账不一致，请运行 verify_ledger 核查",
        )
    return {"row": row, "standing": standing}


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: Any) -> str:
    """The page's query string with some parameters replaced; empty values fall out."""
    params = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            params.pop(name, None)
        else:
            params[name] = value
    return f"?{params.urlencode()}" if params else "?"


@register.filter
def tone_of(word: str) -> str:
    """Tone of a check's outcome."""
    return {"MANDATORY": "bad", "REFERENCE": "warn", "CLEAR": "ok"}.get(word, "")


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """A value of a mapping by a variable key."""
    return mapping.get(key, "") if mapping else ""


@register.filter
def called(subject: Any, seat: Any) -> str:
    """A subject's name as the seat may read it: auditors see persons masked (domain.md 5)."""
    if subject is None:
        return ""
    return subject.name if subject.is_organisation or seat.role_code != "AUDITOR" else mask_name(subject.name)


@register.filter
def percent(rate: float | None) -> str:
    """A rate with one decimal; a dash where there is nothing to divide by."""
    return "—" if rate is None else f"{rate:.1%}"


@register.inclusion_tag("components/record_chips.html")
def record_chips(r: dict[str, Any], publicity: bool = False) -> dict[str, Any]:
    """What a shown record is, in the closed vocabulary: tier or nature, objection, rectification."""
    word = {"negative": r["tier_label"], "positive": "守信激励"}.get(r["spec"].polarity, "信息公示")
    shade = {"negative": "warn" if r["tier"] == "minor" else "bad", "positive": "ok"}.get(r["spec"].polarity, "info")
    return {"word": word, "tone": shade, "flags": r["flags"], "publicity": publicity and r["negative"]}


@register.inclusion_tag("components/publicity.html")
def publicity(r: dict[str, Any]) -> dict[str, Any]:
    """The period of publicity of a shown record in dates, days left and a bar."""
    today = timezone.localdate()
    left = (r["until"] - today).days if r["until"] else 0
    total = (r["until"] - r["public_from"]).days if r["until"] else 0
    return {"record": r, "total": total, "gone": (today - r["public_from"]).days, "left": left, "far": left > FAR}


@register.inclusion_tag("components/bars.html")
def bars(rows: Any, mean: float, caption: str, head: str, value: str) -> dict[str, Any]:
    """A bar chart that is a table: each row's bar is a small SVG, orange below the mean (brief 0.4)."""
    return {"rows": rows, "mean": mean, "caption": caption, "head": head, "value": value}


@register.filter
def labelled(row: Any, columns: Any) -> list[tuple[str, Any]]:
    """The cells of a statistical row with their columns' names."""
    return list(zip(columns, row.cells, strict=True))


@register.filter
def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text."""
    return [line.strip() for line in text.splitlines() if line.strip()]


@register.filter
def spaced(text: str) -> str:
    """A long digest in groups of four, so that it can be read and breaks."""
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))


@register.filter
def grouped(number: int) -> str:
    """31402 → 31,402."""
    return f"{number:,}"
