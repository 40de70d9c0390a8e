"""`make bench`: every measurement in a process and a database of its own; the table is printed and kept in docs/performance.md."""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
from datetime import date
from pathlib import Path

from benchmarks import api, exchange, reading, writing

PARTS = {"reading": reading, "api": api, "writing": writing, "exchange": exchange}
REPORT = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
HEAD = """# Performance

Measured by `make bench` (`python -m benchmarks --rows N`): ratios between two things in one run, on the same data, interleaved, medians. Absolute
figures are those of one machine and vary from machine to machine; the goals are the project's, and a goal that is missed stays in the table.

Last run: {day}, {cores} cores, Python {python}, {rows:,} synthetic records.
"""


def table(name: str, rows: int) -> str:
    """One part's table as text."""
    part = PARTS[name]
    lines = [f"\n## {(part.__doc__ or '').splitlines()[0]}\n", "| what | measured | ratio |", "|---|---|---|"]
    lines += [f"| {what} | {figure} | {ratio} |" for what, figure, ratio in part.measure(rows)]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, help="synthetic records (100,000)")
    parser.add_argument("--part", choices=PARTS, help="only this part; nothing is written then")
    args = parser.parse_args()
    if args.part:
        print(table(args.part, args.rows))
        return
    day, python = date.today().isoformat(), platform.python_version()
    text = HEAD.format(day=day, cores=os.cpu_count(), python=python, rows=args.rows)
    for name in PARTS:
        alone = [sys.executable, "-m", "benchmarks", "--part", name, "--rows", str(args.rows)]
        found = subprocess.run(alone, check=True, stdout=subprocess.PIPE, text=True).stdout
        print(found, flush=True)
        text += found
    REPORT.write_text(text)
    print(f"kept in {REPORT}")


if __name__ == "__main__":
    main()
