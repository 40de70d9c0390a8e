from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    name = "agencies"
    verbose_name = "政府机构"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from agencies import forms, intake_open  # noqa: F401  (inputs of acts and tables to import register themselves)
