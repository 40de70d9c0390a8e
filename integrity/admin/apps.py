"""The stock admin under our own site class."""

from django.contrib.admin.apps import AdminConfig


class RegistryAdmin(AdminConfig):
    default_site = "integrity.admin.site.RegistrySite"
