"""Check the catalogue's TOML files; part of `make lint`."""

from typing import Any

from django.core.management.base import BaseCommand

from integrity.catalogue import load
from integrity.catalogue.check import faults


class Command(BaseCommand):
    help = "Check every kind, measure, matter, deadline, letter and setting of the catalogue; exit code 1 when one is wrong"
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        if found := faults():
            for fault in found:
                self.stderr.write(fault)
            raise SystemExit(1)
        loaded = load()
        shapes = {s: len(loaded.of_shape(s)) for s in ("record", "measure", "matter", "pledge")}
        counted = ", ".join(f"{n} {shape}s" for shape, n in shapes.items() if n)
        self.stdout.write(f"the catalogue is sound: {counted}, {len(loaded.clocks)} deadlines")
