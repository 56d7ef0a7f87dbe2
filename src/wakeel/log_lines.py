"""How a log line is written: PostgreSQL repeats the row in its errors, and a row may hold a number or a text."""

import logging
import re
from types import TracebackType

_ROW = re.compile(r"^DETAIL:.*?(?=^(?:CONTEXT:|HINT:|Traceback |The above exception|During handling)|\Z)", re.M | re.S)

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class LogLine(logging.Formatter):
    """As the standard one, without the rows in database errors."""

    def formatException(self, ei: ExcInfo) -> str:
        return _ROW.sub("DETAIL: (the row is not logged)\n", super().formatException(ei)).rstrip("\n")
