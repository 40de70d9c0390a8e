"""The shared core."""

from django.apps import AppConfig


class IntegrityConfig(AppConfig):
    name = "integrity"
    verbose_name = "诚信信息"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from importlib import import_module
        from importlib.util import find_spec

        from django.db.models.signals import post_migrate

        from integrity import checks, guards, reminders  # noqa: F401  (checks and rules register themselves)
        from integrity.acts import check_cycles

        for app in ("integrity", "officials", "agencies", "supervision", "sectors"):
            for module in (f"{app}.rules", f"{app}.listings", f"{app}.statistics", f"{app}.intake"):
                if find_spec(module):
                    import_module(module)
        for module in ("integrity.statistics.core", "integrity.intake.first_day"):
            import_module(module)
        check_cycles()
        post_migrate.connect(guards.after_migrate, dispatch_uid="guards")
