"""How a log line is written: PostgreSQL repeats the row in its errors, and a row may hold a number or a text; Django
repeats the path of a request, and a path may hold what opens a login.
"""

import logging
import re
from types import TracebackType

_ROW = re.compile(r"^DETAIL:.*?(?=^(?:CONTEXT:|HINT:|Traceback |The above exception|During handling)|\Z)", re.M | re.S)

_SECRET = re.compile(r"(/(?:invitation|m)/).+", re.S)
_QUERY = re.compile(r"(/[^\s?]*)\?.*", re.S)

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class LogLine(logging.Formatter):
    """As the standard one, without the rows in database errors."""

    def formatException(self, ei: ExcInfo) -> str:
        return _ROW.sub("DETAIL: (the row is not logged)\n", super().formatException(ei)).rstrip("\n")


class CutPaths(logging.Filter):
    """Takes links that open something and what people searched for out of the paths that Django logs."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.split(".", 1)[0] == "django":
            record.msg, record.args = _QUERY.sub(r"\1", _SECRET.sub(r"\1***", record.getMessage())), ()
        return True
