from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "supervision"
    verbose_name = "监督机制"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from supervision import forms, ordering  # noqa: F401  (inputs of acts and import tables register themselves)
        from supervision.horizontal import asking as asked  # noqa: F401
        from supervision.horizontal import importing  # noqa: F401
        from supervision.safeguards import asking as safeguards  # noqa: F401
        from supervision.vertical import asking as vertical  # noqa: F401
