"""Write the tables of nouns and verbs in docs/glossary.md anew from the models and their acts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from integrity.acts import Acted, acts_of
from integrity.guards import acted_models


def noun_line(model: type[Acted]) -> str:
    said = re.sub(r"^[\u4e00-\u9fff、]+: ?", "", (model.__doc__ or "").split("\n")[0])
    return f"| `{model.__name__}` | {model._meta.verbose_name} | {said} |\n"


def verb_table(model: type[Acted]) -> str:
    rows = "".join(f"| `{a.verb}` | {a.label} | `{a.right}` |\n" for a in acts_of(model))
    return f"### {model._meta.verbose_name} `{model.__name__}`\n\n| verb | label | right |\n|---|---|---|\n{rows}"


class Command(BaseCommand):
    help = "glossary: bring the tables of docs/glossary.md up to the models; --check only says whether they are"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, check: bool = False, **options: Any) -> None:
        path = Path(settings.BASE_DIR) / "docs" / "glossary.md"
        old = path.read_text(encoding="utf-8")
        head, rest = old.split("| noun | 中文 | what it is |\n|---|---|---|\n")
        _, middle = rest.split("\nSupporting nouns", 1)
        middle = middle[: middle.index("\n### ")]
        models = acted_models()
        nouns, verbs = "".join(map(noun_line, models)), "\n".join(map(verb_table, models))
        new = f"{head}| noun | 中文 | what it is |\n|---|---|---|\n{nouns}\nSupporting nouns{middle}\n{verbs}"
        if check and new != old:
            raise SystemExit("docs/glossary.md is behind the models: run python manage.py glossary")
        path.write_text(new, encoding="utf-8")
