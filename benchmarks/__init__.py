"""What the figures in the README come from; each module prints one JSON line a run.

`make bench-decide`, `make bench-audience`, `make bench-ingest`.
"""
