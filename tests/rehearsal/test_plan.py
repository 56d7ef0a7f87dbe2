"""The plan of a chaos run: the same for the same seed, and about people who are nobody else's."""

from wakeel.rehearsal.chaos.plan import FINAL_CODES, OPENED, Kind, make


def test_the_same_seed_is_the_same_plan_and_another_is_another():
    assert make(7, stories=20, kills=5) == make(7, stories=20, kills=5)
    assert make(7, stories=20, kills=5) != make(8, stories=20, kills=5)


def test_no_two_seeds_and_rounds_share_a_person():
    plans = [make(seed, stories=12, kills=0, round_number=number) for seed in range(60) for number in range(3)]
    numbers = [story.wa_id for plan in plans for story in plan.stories]
    assert len(set(numbers)) == len(numbers)
    assert all(len(number) == 12 and number.startswith("9665") for number in numbers)


def test_every_kind_of_story_is_told_and_the_risky_ones_in_every_plan():
    told = {story.kind for seed in range(30) for story in make(seed, stories=12, kills=0).stories}
    assert told == set(Kind)
    assert [story.kind for story in make(3, stories=8, kills=0).stories][: len(OPENED)] == list(OPENED)


def test_the_refusals_of_a_story_are_its_own_and_meet_nobody_else():
    refused = [plan for plan in (make(seed, stories=14, kills=0) for seed in range(30)) if plan.own]
    for plan in refused:
        theirs = {story.wa_id for story in plan.stories if story.kind is Kind.REFUSED}
        assert {fault["to"] for fault in plan.own} == theirs
    assert {fault["code"] for plan in refused for fault in plan.own} == set(FINAL_CODES)
