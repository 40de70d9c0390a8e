from django.apps import AppConfig


class SectorsConfig(AppConfig):
    name = "sectors"
    verbose_name = "重点领域"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from sectors import adding, forms, led, sections  # noqa: F401  (inputs and sections of pages register themselves)
        from sectors import adding, forms, led, trading  # noqa: F401  (inputs of acts register themselves)
