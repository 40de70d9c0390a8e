"""Who sits at which desk."""

import pytest
from django.test import Client


@pytest.fixture
def desk(cast, settings, tmp_path):
    """Somebody at the desk, by account name."""
    settings.MEDIA_ROOT = tmp_path

    def at(name):
        client = Client()
        client.force_login(getattr(cast, name).user)
        return client

    return at
