"""The daily brief: when it is due, and what its few lines say. Issue 7, design section 2 walk 5."""

BRIEF_MINUTE = 8 * 60
"""Of the operator's local day: eight in the morning unless they chose another hour."""

BRIEF_DAYS = "71234"
"""Sunday to Thursday, as ISO weekday numbers."""
