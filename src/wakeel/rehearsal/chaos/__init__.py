"""Chaos: people at random under many faults while processes die, and what must be true of both sides afterwards."""
