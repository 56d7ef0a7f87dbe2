"""Rehearsal: the whole product against the simulator, by script or at random, and what must be true afterwards."""
