"""pytest plugin, read before Django's settings: a throw-away PostgreSQL and the environment of a test node."""

import os
import tempfile

TEST_DIR = tempfile.mkdtemp(prefix="registry-test-")
os.mkdir(f"{TEST_DIR}/static")
os.environ.setdefault("SECRET_KEY", "test-key-that-signs-nothing-real")
os.environ.setdefault("DEMO", "1")
os.environ["DATA_DIR"] = TEST_DIR
os.environ["KEYS_DIR"] = f"{TEST_DIR}/keys"
os.environ["NODE_NAME"] = "test-city"
os.environ["SITE_HOST"] = "localhost:8000"
if not os.environ.get("TEST_DATABASE_OWNER_URL"):
    from config import embedded_pg

    server = embedded_pg.start(None)
    os.environ["DATABASE_OWNER_URL"], os.environ["DATABASE_URL"] = server.owner_url, server.owner_url
    os.environ["DATABASE_APP_URL"] = server.app_url
else:
    os.environ["DATABASE_OWNER_URL"] = os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_OWNER_URL"]
    os.environ["DATABASE_APP_URL"] = os.environ["TEST_DATABASE_APP_URL"]
