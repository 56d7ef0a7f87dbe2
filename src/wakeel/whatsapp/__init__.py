"""Meta's JSON, signatures, HTTP and error codes. Imports `domain` only; usable without Django."""
