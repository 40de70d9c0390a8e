from django.apps import AppConfig


class SectorsConfig(AppConfig):
    name = "sectors"
    verbose_name = "重点领域"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from sectors import adding, debt, forms, led, sections, trading  # noqa: F401  (inputs, tables and sections of pages register themselves)
