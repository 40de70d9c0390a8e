from django.apps import AppConfig


class OfficialsConfig(AppConfig):
    name = "officials"
    verbose_name = "公务人员"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from officials import forms  # noqa: F401  (inputs of acts register themselves)
        from officials.signing import forms as signing_forms  # noqa: F401
