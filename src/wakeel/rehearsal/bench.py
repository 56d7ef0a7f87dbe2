"""The simulator's bench over HTTP: what people with phones do, what goes wrong, what went over the wire."""

import contextlib
import http.client
import json
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

ANSWERS_WITHIN_S = 15.0


class BenchRefused(Exception):
    """The bench said no. status: of its answer; why: its sentence, which names the field."""

    def __init__(self, path: str, status: int, why: str) -> None:
        super().__init__(f"{path}: {why} ({status})")
        self.path, self.status, self.why = path, status, why


@dataclass(frozen=True, slots=True)
class Bench:
    """One simulator. Every call is a connection of its own: it may be used from any thread."""

    port: int

    def __call__(self, method: str, path: str, wish: Json | None = None) -> Any:
        """What the bench answers, read from JSON. Raises BenchRefused, and OSError while nobody listens."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWERS_WITHIN_S)
        with contextlib.closing(connection):
            body = None if wish is None else json.dumps(wish)
            connection.request(method, path, body=body, headers={"Content-Type": "application/json"} if body else {})
            answer = connection.getresponse()
            text = answer.read().decode()
        try:
            found = json.loads(text)
        except ValueError:
            found = text
        if answer.status >= http.client.BAD_REQUEST:
            why = found.get("error", "no reason given") if isinstance(found, dict) else str(found)
            raise BenchRefused(path, answer.status, str(why))
        return found

    def state(self, *, phone: str | None = None) -> Json:
        """Everything the page knows. phone: of the phones only this one; one that nobody has leaves them all out."""
        found: Json = self("GET", "/api/state" if phone is None else f"/api/state?phone={phone}")
        return found

    def phone(self, wa_id: str) -> Json:
        """One phone of the state; raises KeyError if nobody has it."""
        for row in self.state(phone=wa_id)["phones"]:
            found: Json = row
            return found
        raise KeyError(wa_id)

    def received(self, wa_id: str) -> list[Json]:
        """What came from the business to this phone, oldest first."""
        return [message for message in self.phone(wa_id)["messages"] if message["direction"] == "received"]

    def say(self, wa_id: str, text: str, **more: Any) -> str:
        """Type a message on this phone; its wamid. more: context_wamid, timestamp."""
        return str(self("POST", f"/api/phones/{wa_id}/text", {"text": text, **more})["wamid"])

    def tap(self, wa_id: str, card_wamid: str, button_id: str, **more: Any) -> str:
        """Tap a button of a card; the wamid of the tap. more: title, timestamp, context."""
        wish = {"wamid": card_wamid, "id": button_id, **more}
        return str(self("POST", f"/api/phones/{wa_id}/tap", wish)["wamid"])
