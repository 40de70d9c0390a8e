"""The stock admin under our own site class."""

from importlib import import_module

from django.contrib.admin.apps import AdminConfig

REGISTRATIONS = ("records", "consequences", "promises", "affairs", "checks", "subjects", "people", "system", "erasures")


class RegistryAdmin(AdminConfig):
    default_site = "integrity.admin.site.RegistrySite"

    def ready(self) -> None:
        super().ready()
        for name in REGISTRATIONS:
            import_module(f"integrity.admin.{name}")
