import pytest

from wakeel.domain.steps import Step
from wakeel.whatsapp import errors
from wakeel.whatsapp.errors import FailureClass, classify, reason, refused_here, steps


@pytest.mark.parametrize(
    ("code", "failure_class", "first_step"),
    [
        (131047, FailureClass.REENGAGE, Step.WAIT_UNTIL_THEY_WRITE),
        (131026, FailureClass.PERSON, Step.FIX_NUMBER),
        (131056, FailureClass.RETRY, Step.RETRY),
        (130429, FailureClass.RETRY, Step.RETRY),
        (190, FailureClass.CONFIGURATION, Step.CHECK_SETTINGS),
        (230, FailureClass.CONFIGURATION, Step.CHECK_SETTINGS),
        (100, FailureClass.MESSAGE, Step.EDIT_TEXT),
        (131049, FailureClass.LATER, Step.WAIT_UNTIL_THEY_WRITE),
        (131050, FailureClass.PERSON, Step.NONE_EVER),
        (131031, FailureClass.ACCOUNT, Step.CHECK_SETTINGS),
        (141000, FailureClass.UNKNOWN, Step.RETRY),
        (-1, FailureClass.UNKNOWN, Step.RETRY),
        (None, FailureClass.UNKNOWN, Step.RETRY),
    ],
)
def test_a_code_has_a_class_words_and_a_step(code: int | None, failure_class: FailureClass, first_step: Step):
    assert classify(code).failure_class is failure_class
    assert steps(code)[0] is first_step
    assert reason(code).ar
    assert reason(code).en


def test_an_unknown_code_is_never_retried_unless_the_answer_says_too_many():
    assert classify(999, http_status=400).failure_class is FailureClass.UNKNOWN
    assert classify(999, http_status=429).failure_class is FailureClass.RETRY


def test_nothing_to_do_is_only_said_while_the_machine_retries():
    """A failed status never goes back to the queue by itself, whatever its code."""
    assert steps(131056, retried_by_machine=True) == (Step.NONE_AUTOMATIC, Step.GIVE_UP)
    assert Step.NONE_AUTOMATIC not in steps(131056)


@pytest.mark.parametrize("name", sorted(errors.LOCAL))
def test_every_refusal_of_our_own_has_words(name: str):
    failure = refused_here(name)
    assert failure.code is None
    assert reason(failure.code, details=failure.details) != reason(None)


def test_details_stay_out_of_repr():
    """Meta's details may name a person."""
    assert "9665" not in repr(classify(131026, details="+966500000001"))
