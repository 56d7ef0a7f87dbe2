"""Chaos: people at random under every fault while processes die, and what must be true of both sides afterwards."""
