"""Lengths of time in seconds."""

MINUTE_S, HOUR_S, DAY_S = 60, 3_600, 86_400
