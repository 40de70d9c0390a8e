"""Log lines as JSON, before any application is loaded."""

import json
import logging
from typing import Any


class JsonLines(logging.Formatter):
    """One JSON object a line; never a body, a query value or a header."""

    def format(self, record: logging.LogRecord) -> str:
        data: dict[str, Any] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        data |= getattr(record, "data", {})
        if record.exc_info:
            data["error"] = self.formatException(record.exc_info)
        return json.dumps(data, ensure_ascii=False)
