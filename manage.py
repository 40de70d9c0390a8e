#!/usr/bin/env python
"""Django's command line; schema changes run as the database's owner, everything else as the application's role."""

import os
import sys

OWNER_COMMANDS = {
    "migrate",
    "sqlmigrate",
    "makemigrations",
    "showmigrations",
    "dbshell",
    "createcachetable",
    "flush",
    "prepare",
}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS and (owner := os.environ.get("DATABASE_OWNER_URL")):
        os.environ["DATABASE_APP_URL"] = os.environ.get("DATABASE_URL", "")
        os.environ["DATABASE_URL"] = owner
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
