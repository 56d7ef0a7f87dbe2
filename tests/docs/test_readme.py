"""The examples are run as a reader would run them: in a program of their own, without Django."""

import os
import subprocess
import sys

import pytest

from tests.docs.pages import blocks, text_of

EXAMPLES = [
    pytest.param(block, id=f"{name}-{number}")
    for name in ("README.md", "docs/how-to/library.md")
    for number, block in enumerate(blocks(text_of(name), "python"), start=1)
]
WITHOUT_DJANGO = "\nimport sys\nassert 'django' not in sys.modules\nassert 'wakeel.config' not in sys.modules\n"


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_runs_in_any_python_program(example: str):
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO", "WAKEEL"))}
    run = subprocess.run(
        [sys.executable, "-c", example + WITHOUT_DJANGO], env=environ, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr


def test_there_are_examples_to_run():
    assert blocks(text_of("README.md"), "python")
    assert len(blocks(text_of("docs/how-to/library.md"), "python")) == 3
