"""文章和文件: news, documents in force, cases and culture, entered by one person and released by another (保障措施)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from integrity.acts import Acted, ActedQuerySet, act
from integrity.codes import public_number
from integrity.models import Subject

CONTENT = ("title", "text", "doc_no", "issued_by", "issued_on", "valid_from", "valid_until")


class ArticleQuerySet(ActedQuerySet):
    """The public reads what is released; drafts are for those who write and release."""

    def public(self) -> ArticleQuerySet:
        return self.filter(state="RELEASED")

    def visible_to(self, seat: Any) -> ArticleQuerySet:
        writes = seat.role.automatic or bool({"article.write", "article.release"} & seat.rights)
        return self if writes else self.public()

    def in_force(self, on: date | None = None) -> ArticleQuerySet:
        """Documents valid on a day."""
        day = on or timezone.localdate()
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day))


class Article(Acted):
    """文章: one page of news, policy, cases or culture; a document has validity and a successor."""

    class Section(models.TextChoices):
        NEWS = "NEWS", "信用动态"
        POLICY = "POLICY", "政策法规"
        CASES = "CASES", "典型案例"
        CULTURE = "CULTURE", "诚信文化"

    class State(models.TextChoices):
        DRAFT = "DRAFT", "待发布"
        RETURNED = "RETURNED", "退回"
        RELEASED = "RELEASED", "已发布"
        WITHDRAWN = "WITHDRAWN", "已撤下"

    number = models.CharField("编号", max_length=40, unique=True, editable=False)
    section = models.CharField("栏目", max_length=8, choices=Section)
    title = models.CharField("标题", max_length=200)
    text = models.TextField("正文", max_length=50000)
    doc_no = models.CharField("文号", max_length=100, blank=True, help_text="政策法规填写")
    issued_by = models.CharField("制发机关", max_length=100, blank=True, help_text="政策法规填写")
    issued_on = models.DateField("成文日期", null=True, blank=True)
    valid_from = models.DateField("施行日期", null=True, blank=True)
    valid_until = models.DateField("有效期至", null=True, blank=True, help_text="长期有效的不填")
    succeeded_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaces", verbose_name="替代文件"
    )
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)
    released_at = models.DateTimeField("发布时间", null=True)
    unit = models.ForeignKey(Subject, models.PROTECT, null=True, related_name="+", verbose_name="发布单位")
    entered_by = models.ForeignKey("integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="录入人")
    released_by = models.ForeignKey(
        "integrity.User", models.PROTECT, null=True, related_name="+", verbose_name="发布人"
    )

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "文章和文件"
        constraints = [
            models.CheckConstraint(
                condition=Q(released_by__isnull=True) | ~Q(released_by=F("entered_by")), name="article_two_people",
                violation_error_message="录入人不能发布同一篇文章",
            )
        ]  # fmt: skip
        indexes = [models.Index(fields=["section", "-released_at"], name="article_section")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_void(self) -> bool:
        """Whether the document is no longer in force."""
        return bool(self.valid_until and self.valid_until < timezone.localdate())

    def refuses(self, spec: Any, by: Any) -> str:
        if spec.verb in ("article.released", "article.returned") and by.user_id == self.entered_by_id:
            return "本人录入的文章，须由他人审核发布"
        return ""

    def _check(self) -> None:
        if self.section == self.Section.POLICY and not (self.doc_no and self.issued_by and self.issued_on):
            raise ValidationError({"doc_no": "政策法规须填写文号、制发机关和成文日期"})
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            raise ValidationError({"valid_until": "有效期不能早于施行日期"})

    @act("article.written", label="录入文章", right="article.write", creates=True)
    def write(self, *, by: Any) -> None:
        """One person enters it."""
        self._check()
        self.number, self.entered_by, self.unit = public_number("WZ", timezone.localdate().year), by.user, by.org

    @act("article.amended", label="修改", right="article.write", source=["DRAFT", "RETURNED"], target="DRAFT")
    def amend(self, *, by: Any, **content: Any) -> None:
        """Change a draft; whoever changes it last does not release it."""
        for name, value in content.items():
            if name not in CONTENT:
                raise ValidationError(f"没有可以修改的内容“{name}”")
            setattr(self, name, value)
        self._check()
        self.entered_by = by.user

    @act(
        "article.released", label="发布", right="article.release", source=["DRAFT"], target="RELEASED", form=("privacy_ok", "secrecy_ok"),
        confirm="发布后任何人都可以阅读。",
    )  # fmt: skip
    def release(self, *, by: Any, privacy_ok: bool, secrecy_ok: bool) -> None:
        """Another person releases it; cases name no natural person."""
        if not (privacy_ok and secrecy_ok):
            raise ValidationError("请核对隐私和保密后发布")
        self.released_by, self.released_at = by.user, timezone.now()

    @act(
        "article.returned", label="退回", right="article.release", source=["DRAFT"], target="RETURNED", form=("reason",)
    )
    def return_(self, *, by: Any, reason: str) -> dict[str, str]:
        """Not yet."""
        return {"reason": reason}

    @act(
        "article.withdrawn",
        label="撤下",
        right="article.release",
        source=["RELEASED"],
        target="WITHDRAWN",
        form=("reason",),
    )
    def withdraw(self, *, by: Any, reason: str) -> dict[str, str]:
        """No longer shown."""
        return {"reason": reason}

    @act(
        "article.repealed",
        label="登记失效",
        right="article.release",
        source=["RELEASED"],
        form=("ends_on_day", "successor_no"),
    )
    def repeal(self, *, by: Any, ends_on_day: date, successor_no: str = "") -> None:
        """A document ends, with the one that takes its place; it stays readable, marked as no longer in force."""
        if self.section != self.Section.POLICY:
            raise ValidationError("只有政策法规登记失效")
        if successor_no:
            following = Article.objects.public().filter(number=successor_no.strip().upper()).exclude(pk=self.pk).first()
            if following is None:
                raise ValidationError({"successor_no": "没有找到已发布的替代文件，请填写其编号"})
            self.succeeded_by = following
        self.valid_until = ends_on_day
