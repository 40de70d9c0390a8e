"""Templates, keys, consents and papers of personal pledges in the admin; signing itself happens on the signing host."""

from __future__ import annotations

from django.contrib import admin

from integrity.admin.base import ActedAdmin
from officials.models import PaperSigning, PledgeConsent, PledgeTemplate, SigningKey


@admin.register(PledgeTemplate)
class PledgeTemplateAdmin(ActedAdmin):
    """Texts of personal pledges, one version after another."""

    section = "承诺"
    columns = ("code", "edition", "occasion", "title", "state", "valid_from", "retired_on")
    list_filter = ("state", "occasion")
    search_fields = ("code__iexact", "title")
    search_help_text = "模板编号或者标题"
    ordering = ("code", "-edition")
    creating = "draft"
    entry = (
        "code", "occasion", "title", "discipline", "duty", "honesty", "oversight", "breach_clause", "consent_text",
    )  # fmt: skip
    people = ("entered_by", "approved_by")


@admin.register(SigningKey)
class SigningKeyAdmin(ActedAdmin):
    """Keys of officials: vouched for and revoked here; registered by the holder alone."""

    section = "承诺"
    columns = ("subject", "label", "thumbprint", "state", "registered_at", "active_from", "revoked_at")
    list_filter = ("state",)
    search_fields = ("thumbprint__iexact", "subject__name")
    search_help_text = "密钥指纹或者姓名"
    ordering = ("-registered_at", "-id")
    sections = (
        ("签署密钥", (
            "subject", "label", "thumbprint", "state", "device_bound", "backed_up", "registered_at", "vouched_at", "active_from",
            "revoked_at", "revoke_reason", "suspect_from",
        )),
    )  # fmt: skip
    people = ("user", "vouched_by")


@admin.register(PledgeConsent)
class PledgeConsentAdmin(ActedAdmin):
    """Consents to publication, given by the signer alone."""

    section = "承诺"
    columns = ("pledge", "state", "given_at", "withdrawn_at")
    list_filter = ("state",)
    search_fields = ("pledge__number__iexact",)
    search_help_text = "承诺书编号"
    ordering = ("-given_at", "-id")


@admin.register(PaperSigning)
class PaperSigningAdmin(ActedAdmin):
    """Signatures on paper, entered by one and compared by another."""

    section = "承诺"
    columns = ("pledge", "signed_on", "state")
    list_filter = ("state",)
    search_fields = ("pledge__number__iexact",)
    search_help_text = "承诺书编号"
    ordering = ("-signed_on", "-id")
    sections = (("纸质签署", ("pledge", "signed_on", "scan_sha256", "state")),)
    people = ("entered_by", "confirmed_by")
