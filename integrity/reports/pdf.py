"""Papers as PDF/A: data goes in as JSON and never as markup; a character no font has is refused by name (stack.md 5)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
_MISSING = re.compile(r"the text `\"(.+?)\"` could not be displayed", re.S)

_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")  # how typst writes what cannot be shown


class Unprintable(ValueError):
    """A paper that cannot be printed, with the sentence the person reads."""


def render(
    template: str, data: Mapping[str, Any], at: datetime, *, folder: Path = HERE, standard: str = "a-2b"
) -> bytes:
    """The PDF/A of one template (`NAME.typ` in a folder, by default beside this module) with its data; same input, same bytes.

    A template that attaches files asks for the standard a-3b.

    Raises Unprintable when a character stands in no font: naming it is better than a box in a document that binds.
    """
    import typst  # imported late: 40 MB that most processes never need

    try:
        return typst.compile(
            str(folder / f"{template}.typ"),
            root=str(folder),
            font_paths=[str(HERE / "fonts")],
            sys_inputs={"data": json.dumps(data, ensure_ascii=False, default=str)},
            pdf_standards=standard,
            timestamp=int(at.timestamp()),
        )
    except typst.TypstError as fault:
        if missing := _MISSING.search(fault.message):
            text = _ESCAPED.sub(lambda m: chr(int(m[1], 16)), missing[1])
            signs = "、".join(f"“{c}”（U+{ord(c):04X}）" for c in dict.fromkeys(text))
            raise Unprintable(f"打印字库中没有字符 {signs}，请联系平台运维安装含有该字的字体后再打印") from fault
        raise
