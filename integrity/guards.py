"""What the database itself refuses: acted rows without their event, deletions, changes of the ledger (house.md 2.1).

Installed after every migration by the owner for every acted model of every app, so that a new model is guarded at once.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from integrity.acts import acted_models

FUNCTIONS = """
CREATE OR REPLACE FUNCTION gi_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM new_rows n WHERE n.version <> 1 OR NOT EXISTS (
      SELECT 1 FROM integrity_event e WHERE e.target = n.id AND e.version = 1 AND e.changes)) THEN
    RAISE EXCEPTION 'gi-01: a new row of % has no event', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION gi_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM new_rows n LEFT JOIN old_rows o USING (id)
      WHERE o.id IS NULL OR n.version <> o.version + 1 OR NOT EXISTS (
        SELECT 1 FROM integrity_event e WHERE e.target = n.id AND e.version = n.version AND e.changes)) THEN
    RAISE EXCEPTION 'gi-02: a row of % was changed without the event of its next version', TG_TABLE_NAME
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION gi_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'gi-03: % of % is never allowed', TG_OP, TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE OR REPLACE FUNCTION gi_erased_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.removed_at IS NOT NULL OR NEW.removed_at IS NULL OR NEW.fields <> '{}' OR NEW.inside IS NOT NULL THEN
    RAISE EXCEPTION 'gi-05: kept content is erased once and never changed' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION gi_event_sealed_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.seq IS NOT NULL OR (to_jsonb(NEW) - 'seq') IS DISTINCT FROM (to_jsonb(OLD) - 'seq') THEN
    RAISE EXCEPTION 'gi-04: an event is numbered once and never changed' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
"""

ACTED = """
CREATE OR REPLACE TRIGGER gi_insert AFTER INSERT ON {t} REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION gi_inserted();
CREATE OR REPLACE TRIGGER gi_update AFTER UPDATE ON {t} REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION gi_updated();
CREATE OR REPLACE TRIGGER gi_delete BEFORE DELETE ON {t} FOR EACH STATEMENT EXECUTE FUNCTION gi_refuse();
"""

LEDGER = """
CREATE OR REPLACE TRIGGER gi_sealed BEFORE UPDATE ON integrity_event
  FOR EACH ROW WHEN (OLD.seq IS NOT NULL OR OLD.leaf IS DISTINCT FROM NEW.leaf OR OLD.target IS DISTINCT FROM NEW.target
    OR OLD.verb IS DISTINCT FROM NEW.verb OR OLD.at IS DISTINCT FROM NEW.at OR OLD.version IS DISTINCT FROM NEW.version)
  EXECUTE FUNCTION gi_event_sealed_once();
CREATE OR REPLACE TRIGGER gi_delete BEFORE DELETE ON integrity_event FOR EACH STATEMENT EXECUTE FUNCTION gi_refuse();
CREATE OR REPLACE TRIGGER gi_delete BEFORE DELETE ON integrity_payload FOR EACH STATEMENT EXECUTE FUNCTION gi_refuse();
CREATE OR REPLACE TRIGGER gi_erased BEFORE UPDATE ON integrity_payload FOR EACH ROW EXECUTE FUNCTION gi_erased_once();
CREATE OR REPLACE TRIGGER gi_fixed BEFORE UPDATE OR DELETE ON integrity_ledgernode
  FOR EACH STATEMENT EXECUTE FUNCTION gi_refuse();
CREATE OR REPLACE TRIGGER gi_fixed BEFORE UPDATE OR DELETE ON integrity_checkpoint
  FOR EACH STATEMENT EXECUTE FUNCTION gi_refuse();
"""

GRANTS = """
REVOKE TRUNCATE, REFERENCES, TRIGGER ON ALL TABLES IN SCHEMA public FROM {r};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {r};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {r};
REVOKE UPDATE, DELETE ON integrity_event, integrity_ledgernode, integrity_checkpoint FROM {r};
GRANT UPDATE (seq) ON integrity_event TO {r};
REVOKE UPDATE, DELETE ON integrity_payload FROM {r};
GRANT UPDATE (fields, inside, removed_at) ON integrity_payload TO {r};
"""


def install(using: str = "default") -> None:
    """Install functions, triggers and grants; the connection's user must own the tables."""
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute(FUNCTIONS + LEDGER)
        for model in acted_models():
            cursor.execute(ACTED.format(t=connection.ops.quote_name(model._meta.db_table)))
        role = settings.DATABASE_APP_ROLE
        cursor.execute("SELECT current_user <> %s AND EXISTS (SELECT FROM pg_roles WHERE rolname = %s)", [role, role])
        if cursor.fetchone()[0]:
            quoted = connection.ops.quote_name(role)
            cursor.execute(GRANTS.format(r=quoted))
            for model in acted_models():
                cursor.execute(f"REVOKE DELETE ON {connection.ops.quote_name(model._meta.db_table)} FROM {quoted}")


def _owns(using: str) -> bool:
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT bool_and(pg_has_role(current_user, tableowner, 'member')) FROM pg_tables WHERE tablename = 'integrity_event'"
        )
        return bool(cursor.fetchone()[0])


def after_migrate(sender: Any, using: str = "default", **_: Any) -> None:
    """Once all apps are migrated: guards by the owner, then the seeds that every node needs."""
    if sender.label != list(apps.app_configs)[-1]:
        return
    tables = set(connections[using].introspection.table_names())
    if {"integrity_event", "integrity_kind"} - tables or any(m._meta.db_table not in tables for m in acted_models()):
        return
    if _owns(using):
        call_command("createcachetable", database=using, verbosity=0)
        install(using)
    from integrity.seeds import plant

    plant()
