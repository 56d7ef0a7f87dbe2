"""The pages about files name every column and spelling; their examples can be read."""

import pytest

from tests.docs.pages import blocks, rows, text_of
from wakeel.flows import import_consents, import_opportunities
from wakeel.flows.table_file import read

PAGES = [
    pytest.param("docs/how-to/import-opportunities.md", import_opportunities.COLUMNS, {"title", "phone"},
                 import_opportunities.FORBIDDEN, id="opportunities"),
    pytest.param("docs/how-to/consents.md", import_consents.COLUMNS, set(import_consents.REQUIRED), {}, id="consents"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "columns", "required", "forbidden"), PAGES)
def test_the_table_has_every_column_with_every_spelling(name, columns, required, forbidden):
    table = {row[0].strip("`"): row for row in rows(text_of(name)) if row[0].startswith("`")}
    assert {column: tuple(row[1].split(" · ")) for column, row in table.items()} == dict(columns)
    assert {column for column, row in table.items() if row[2] == "yes"} == required


@pytest.mark.parametrize(("name", "columns", "required", "forbidden"), PAGES)
def test_the_examples_are_read_without_a_fault(name, columns, required, forbidden):
    examples = blocks(text_of(name), "csv")
    assert examples
    for example in examples:
        table = read(example.encode(), names=columns, required=frozenset(required), forbidden=forbidden)
        assert table.rows
        assert not table.faults
