"""The rules of the house, held by reading its own files (docs/architecture.md); `make lint` runs those marked lint."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command

from integrity import catalogue
from integrity.acts import Acted, acts_of
from integrity.catalogue.check import faults
from integrity.guards import acted_models

ROOT = Path(__file__).resolve().parent.parent
APPS = ("config", *catalogue.APPS)
TOP = {
    "manage.py", "pyproject.toml", "docker-compose.yml", "Dockerfile", "Makefile", "README.md", "LICENSE", ".env.example", ".gitignore",
    ".dockerignore", ".ci", "config", *catalogue.APPS, "templates", "tests", "benchmarks", "docs", "requirements",
}  # fmt: skip
BANNED = {
    "utils",
    "helpers",
    "helper",
    "common",
    "manager",
    "managers",
    "handler",
    "handlers",
    "service",
    "services",
    "misc",
}
DOORS = re.compile(
    r"^(integrity/(admin|api|portal|reports)/|integrity/forms/|config/api\.py|(officials|agencies|supervision|sectors)/.*(admin|api|views|forms|feeds)\b)"
)
pytestmark = pytest.mark.lint


@cache
def tracked(*ends: str) -> tuple[str, ...]:
    """Files of the project that git knows or would take, by ending."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return tuple(f for f in sorted(set(listed)) if (not ends or f.endswith(ends)) and (ROOT / f).is_file())


def text(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8", errors="replace")


def modules() -> list[str]:
    return [f for f in tracked(".py") if "/migrations/" not in f]


def test_only_the_agreed_names_stand_at_the_top():
    assert {f.split("/")[0] for f in tracked()} - TOP == set()


def test_no_module_is_longer_than_300_lines():
    assert {f: n for f in modules() if (n := text(f).count("\n")) > 300} == {}


def test_no_module_has_a_name_that_says_nothing():
    assert [f for f in modules() if {*Path(f).with_suffix("").parts} & BANNED] == []


def test_doors_read_acted_models_only_as_their_seat_may_see_them():
    """Doors use visible_to(), public() or inside(): a bare .objects there is how rows leak (house.md 2.8)."""
    acted = {m.__name__ for m in acted_models()}
    allowed = {
        "visible_to",
        "public",
        "inside",
        "in_force",
        "waiting",
        "received_by",
    }  # and the queues to_review(), to_confirm() …
    found = []
    for path in filter(DOORS.match, modules()):
        tree = ast.parse(text(path))
        parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in ("objects", "_base_manager", "_default_manager"):
                name = node.value.id if isinstance(node.value, ast.Name) else ""
                after = getattr(parents.get(node), "attr", "")
                if name in acted and after not in allowed and not after.startswith("to_"):
                    found.append(f"{path}:{node.lineno} {name}.objects.{after}")
    assert found == []


def test_every_model_and_every_act_says_what_it_is_for():
    ours = [m for m in apps.get_models() if m.__module__.split(".")[0] in catalogue.APPS]
    silent = [m.__name__ for m in ours if not m.__doc__ or m.__doc__.startswith(f"{m.__name__}(")]
    for model in acted_models():
        silent += [f"{model.__name__}.{a.name}" for a in acts_of(model) if not getattr(model, a.name).__doc__]
    assert silent == []


def test_every_noun_and_verb_stands_in_the_glossary():
    call_command("glossary", check=True)


def test_every_act_has_a_verb_of_its_own():
    seen: dict[str, str] = {}
    for model in acted_models():
        for act in acts_of(model):
            owner = f"{model.__name__}.{act.name}"
            assert seen.setdefault(act.verb, owner) == owner


def test_no_file_names_a_machine_or_a_registry():
    """Nothing that only one machine or one network has: no home folders, no package index, no mirror."""
    bad = re.compile(
        r"(?<![\w./-])/(?:root|home|work|Users)/[a-z]|pypi\.(?:org|python)|pythonhosted|registry\.npmjs|(?:index|extra)-url[ =]+\S*//|--find-links",
        re.I,
    )
    found = [f"{f}: {m[0]}" for f in tracked() if Path(f).name != "test_house.py" and (m := bad.search(text(f)))]
    assert found == []


def test_locked_packages_are_those_of_the_project():
    """Each dependency stands in the lock with hashes; the lock names no address."""
    project = tomllib.loads(text("pyproject.toml"))["project"]
    for name, wanted in (
        ("run", project["dependencies"]),
        ("dev", project["dependencies"] + project["optional-dependencies"]["dev"]),
    ):
        lock = text(f"requirements/{name}.txt")
        assert "://" not in lock and lock.count("--hash=sha256:") > lock.count("==")
        locked = set(re.findall(r"^([a-z0-9-]+)==", lock, re.M))
        assert {re.split(r"[\[<>=~]", w)[0].lower().replace("_", "-") for w in wanted} - locked == set()


HALF_WIDTH = re.compile(
    r"[\u4e00-\u9fff）】”][,;:?!]|[,;:?!](?=[\u4e00-\u9fff])|[\u4e00-\u9fff]\(|\)[\u4e00-\u9fff]|[\u4e00-\u9fff]\.(?:\s|<|$)"
)


@pytest.mark.parametrize("path", tracked(".html"))
def test_chinese_text_has_full_width_punctuation(path):
    plain = re.sub(
        r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<script.*?</script>|<style.*?</style>", "□", text(path), flags=re.S
    )
    assert [m[0] for m in HALF_WIDTH.finditer(re.sub(r"<[^>]*>", "□", plain))] == []


@pytest.mark.parametrize("path", tracked(".html"))
def test_templates_keep_the_content_policy(path):
    """No inline style, script or handler, nothing from another host (brief, content policy)."""
    found = re.findall(
        r"<style\b|\sstyle=|\son[a-z]+=|<script(?![^>]*\bsrc=)[^>]*>|(?:src|href)=[\"']?(?:https?:)?//", text(path)
    )
    assert found == []


def test_the_catalogue_is_sound():
    assert faults() == []


@pytest.mark.django_db
def test_models_and_migrations_agree():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_task_of_the_timetable_exists():
    from config.celery import app

    app.loader.import_default_modules()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} - set(app.tasks) == set()


def test_acted_models_keep_their_guards():
    """Every acted model refuses bare writes by its manager and its methods (house.md 2.1)."""
    for model in acted_models():
        assert issubclass(model, Acted) and model.save is Acted.save and model.delete is Acted.delete, model
