"""Three lists against each other: what was approved, what was posted, what the rows say."""

from benchmarks.send_graph import Posted, wamid_of
from benchmarks.send_outcome import Message, judged


def posted(to: str, attempt: str) -> Posted:
    return Posted(to, attempt, 0.0)


def message(to: str, state: str, *attempts: str, wamid: str | None = None) -> Message:
    return Message(to, state, wamid, attempts)


def test_messages_that_left_once_or_are_honestly_in_doubt_are_no_fault():
    approved = [
        message("+1", "accepted", "a1", wamid=wamid_of("a1")),
        message("+2", "unknown", "a2"),  # its answer was lost
        message("+3", "unknown", "a3"),  # killed before the request
        message("+4", "accepted", "a4", "a5", wamid=wamid_of("a5")),  # never written the first time
    ]
    seen = [posted("+1", "a1"), posted("+2", "a2"), posted("+4", "a5"), posted("+operator", "a9")]
    found = judged(approved, seen, told=["a1"])
    assert (found["approved"], found["seen"], found["states"]) == (4, 3, {"accepted": 2, "unknown": 2})
    assert (found["lost"], found["doubled"], found["dishonest"]) == (0, 0, [])


def test_a_message_that_nobody_posted_and_nobody_doubts_is_lost():
    approved = [message("+1", "accepted", "a1", wamid=wamid_of("a1")), message("+2", "pending")]
    assert judged(approved, [])["lost"] == 2


def test_two_posts_to_one_person_are_a_doubled_message():
    approved = [message("+1", "accepted", "a1", "a2", wamid=wamid_of("a2"))]
    assert judged(approved, [posted("+1", "a1"), posted("+1", "a2")])["doubled"] == 1


def test_states_that_contradict_what_happened_are_named():
    approved = [
        message("+1", "failed", "a1"),
        message("+2", "unknown"),
        message("+3", "accepted", "a3", wamid=wamid_of("a1")),
        message("+4", "unknown", "a4"),
    ]
    seen = [posted("+1", "a1"), posted("+2", "a2"), posted("+3", "a3"), posted("+4", "a4")]
    assert judged(approved, seen, told=["a4"])["dishonest"] == [
        "1 messages were posted and are neither accepted nor in doubt",
        "1 messages were posted by an attempt that nobody journalled",
        "1 messages are accepted with the wamid of another message",
        "1 messages were told by a status and are still in doubt",
    ]
