"""Pages travel compressed; nothing else does."""

import re

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

_PAGE = re.compile(r"text/html|image/svg")


class CompressedPages(GZipMiddleware):
    """Django's, for whole pages only: a compressed event stream would wait for its buffer to fill, a download gains
    nothing. The random length it adds keeps secrets on a page from being guessed by its size."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.streaming or not _PAGE.match(response.get("Content-Type", "")):
            return response
        return super().process_response(request, response)
