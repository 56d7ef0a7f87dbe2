"""Coverage-guided fuzzing of the webhook decoder: `make fuzz`, or `python -m tests.fuzz.decode_with_atheris [SECONDS]`.

Half of the inputs are whole bodies: events or UnreadableBody, never another exception. The other half are single items
between two good messages and a good status: if the item is JSON at all, its neighbours are read. Begins from the
samples; what made it fail is printed and written to a file `crash-…` in the working directory.
"""

import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 60
LONGEST = 4096
HOW_TO_INSTALL = "atheris is not here: run `make fuzz`, which gives it an environment of its own"
ARRAYS = ("messages", "statuses", "errors")
GOOD = b'{"from":"966500000001","id":"wamid.GOOD","timestamp":"1763800001","type":"text","text":{"body":"x"}}'
GOOD_STATUS = b'{"id":"wamid.GOOD","status":"read","timestamp":"1763800002","recipient_id":"966500000001"}'
BEFORE = (
    b'{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":'
    b'{"metadata":{"phone_number_id":"2"},"statuses":[' + GOOD_STATUS + b'],"messages":[' + GOOD + b","
)
AFTER = b"," + GOOD + b"]}}]}]}"


def main() -> int:
    sys.path.insert(0, str(ROOT / "src"))
    try:
        import atheris
    except ImportError:
        print(HOW_TO_INSTALL, file=sys.stderr)
        return 2
    with atheris.instrument_imports(include=["wakeel"]):
        from wakeel.whatsapp import webhook
    seconds = sys.argv[1] if len(sys.argv) > 1 else str(SECONDS)
    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(seeds()):
            (Path(corpus) / str(number)).write_bytes(seed)
        options = [f"-max_total_time={seconds}", f"-max_len={LONGEST}", "-print_final_stats=1", "-verbosity=1"]
        atheris.Setup([sys.argv[0], *options, corpus], one_input(webhook))
        atheris.Fuzz()
    return 0


def seeds() -> Iterator[bytes]:
    """Every sample as a body, and every item in it by itself."""
    for path in sorted((ROOT / "tests" / "samples" / "whatsapp").glob("*.json")):
        body = json.loads(path.read_bytes())
        yield b"\x00" + json.dumps(body).encode()
        for entry in body["entry"]:
            for change in entry["changes"]:
                for name in ARRAYS:
                    yield from (b"\x01" + json.dumps(item).encode() for item in change["value"].get(name, []))


def one_input(webhook) -> Callable[[bytes], None]:  # type: ignore[no-untyped-def]
    """webhook: `wakeel.whatsapp.webhook`, imported under instrumentation."""

    def check(data: bytes) -> None:
        how, rest = data[:1], data[1:]
        if how == b"\x01":
            if is_json(rest):
                body = BEFORE + rest + AFTER
                found = [event for event in webhook.decode(body) if getattr(event, "wamid", "") == "wamid.GOOD"]
                assert len(found) >= 3, "a neighbour was lost"
            return
        try:
            events = webhook.decode(rest)
        except webhook.UnreadableBody:
            return
        assert all("\0" not in repr(event) for event in events)
        assert all(event.path for event in events)

    return check


def is_json(item: bytes) -> bool:
    """Whether an item is one JSON value, not nested so deep that nothing around it is read either."""
    try:
        json.loads(item.decode(), strict=False, parse_int=str)
    except (ValueError, RecursionError):
        return False
    return item.count(b"[") + item.count(b"{") < 50


if __name__ == "__main__":
    sys.exit(main())
