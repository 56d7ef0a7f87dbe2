"""Servers that the benchmarks are held against, each run inside a scratch environment of its own."""
