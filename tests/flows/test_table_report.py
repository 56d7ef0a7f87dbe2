"""CSV files that we write: no cell, and no part of one, is a formula in whatever spreadsheet opens it."""

import csv
import io

import pytest

from wakeel.flows.table_report import as_csv, safe_cell


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("a;=1+1;b", "a;'=1+1;b"),
        ("a\t+1", "a\t'+1"),
        ("a\n=1", "a\n'=1"),
        ("a\r\n-1;@x", "a\r\n'-1;'@x"),
        ('a;"=1+1"', 'a;"\'=1+1"'),
        ("-1;=2", "'-1;'=2"),
    ],
)
def test_what_a_spreadsheet_would_calculate_gets_an_apostrophe_within_a_cell_too(value: str, written: str):
    """Excel separates by the semicolon where the comma is the decimal mark."""
    assert safe_cell(value) == written


@pytest.mark.parametrize("text", ["5; -3", "a - b; c + d", "x@y.example; z", "نعم؛ -3", "1-2\n3+4", "a,=b", ""])
def test_text_that_people_read_stays_as_it_is(text: str):
    assert safe_cell(text) == text


def test_no_separator_makes_a_formula_out_of_a_table():
    table = as_csv(("name", "=head"), [("a;=1+1;b", "x\n@y"), ("+5", 'q;"=z"')]).decode("utf-8-sig")
    for delimiter in ",;\t":
        for row in csv.reader(io.StringIO(table, newline=""), delimiter=delimiter):
            assert not [cell for cell in row if cell.lstrip('"').startswith(("=", "+", "-", "@"))]
    # A spreadsheet with another separator takes the quotation marks within a line for text.
    assert not [line for line in table.splitlines() if line.lstrip('"').startswith(("=", "+", "-", "@"))]
