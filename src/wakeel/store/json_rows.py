"""Rows that go into a statement as one JSON parameter: its text is the same for any number of them. By vendor."""

GIVEN = {
    "sqlite": "json_each(%s) AS given",
    "postgresql": "jsonb_array_elements(%s::jsonb) AS given (value)",
}
"""A list of lists; `given.value ->> 0` is the first of each."""

IDS = {
    "sqlite": "(SELECT value FROM json_each(%s))",
    "postgresql": "(SELECT jsonb_array_elements_text(%s::jsonb))",
}
"""A list of texts, after `IN`."""

INTEGER = {"sqlite": "", "postgresql": "::integer"}
"""After what `->>` gives, where a number is meant: SQLite keeps it one."""
