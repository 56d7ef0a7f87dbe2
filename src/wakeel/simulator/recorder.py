"""Writes down what was done at the bench, in order, and which messages followed each act.

    GET  /api/scenario              the recording as a scenario file (YAML, see `recording`), to save and to run again
    POST /api/scenario              {}: the recording begins here -> {acts: 0}

It begins with the process, with a reset, and wherever it is told to. Failed acts are not part of it; neither are looks.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from wakeel.simulator.drawing import message_row
from wakeel.simulator.recording import Act, Arrival, Figure, Recording, as_yaml
from wakeel.simulator.switchboard import Switchboard
from wakeel.simulator.wishes import Json
from wakeel.simulator.world import Direction, Message

OWN_PATH = "/api/scenario"
LEFT_OUT = (OWN_PATH, "/api/reset", "/api/wire/")
"""Acts on the bench itself, or on bytes of this one session."""

Verb = Callable[[Request, Json], Awaitable[Json]]


@dataclass(slots=True)
class Recorder:
    """One recording of one switchboard; a reset makes a new one of both."""

    board: Switchboard
    recording: Recording = field(init=False)
    _known: set[str] = field(init=False)

    def __post_init__(self) -> None:
        self._begin()

    def routes(self) -> list[Route]:
        return [Route(OWN_PATH, self._show, methods=["GET"])]

    def posts(self) -> dict[str, Verb]:
        """Path to verb."""
        return {OWN_PATH: self._begin_here}

    def noting(self, verb: Verb) -> Verb:
        """The same verb, written down when it succeeds."""

        async def noted(request: Request, wish: Json) -> Json:
            path, began = request.url.path, self.board.clock.now()
            if path.startswith(LEFT_OUT):
                return await verb(request, wish)
            self._catch_up()
            answer = await verb(request, wish)
            self.recording.done.append(Act(path, wish, answer, began))
            self._meet(path, wish)
            return answer

        return noted

    async def _show(self, _: Request) -> Response:
        self._catch_up()
        headers = {"Content-Disposition": 'attachment; filename="recorded.yaml"'}
        return Response(as_yaml(self.recording), media_type="application/yaml", headers=headers)

    async def _begin_here(self, _: Request, __: Json) -> Json:
        self._begin()
        return {"acts": 0}

    def _begin(self) -> None:
        phones = self.board.world.phones.values()
        self._known = {message.wamid for phone in phones for message in phone.messages}
        self.recording = Recording(self.board.options.recorded_start, went_on=self.board.had_past)
        for phone in phones:
            self.recording.earlier |= {
                message.wamid: (phone.wa_id, message_row(message, media=self.board.media.shown))
                for message in phone.messages
            }
        self._meet("", {})

    def _catch_up(self) -> None:
        """What arrived since the last look, in the order of its arrival."""
        fresh = [
            (message.at, phone.wa_id, message)
            for phone in self.board.world.phones.values()
            for message in phone.messages
            if message.wamid not in self._known
        ]
        for at, wa_id, message in sorted(fresh, key=lambda found: found[0]):
            self._known.add(message.wamid)
            if message.direction is Direction.RECEIVED:
                self.recording.done.append(Arrival(wa_id, at, self._row(message)))

    def _row(self, message: Message) -> Json:
        return message_row(message, media=self.board.media.shown)

    def _meet(self, path: str, wish: Json) -> None:
        """Everybody who has a phone by now; whoever changed their number is still the same person."""
        if path.startswith("/api/phones/") and path.endswith("/number"):
            old = path.split("/")[-2]
            self.recording.keys[str(wish["wa_id"])] = self.recording.keys[old]
        for phone in self.board.world.phones.values():
            if phone.wa_id not in self.recording.keys:
                persona = phone.persona
                self.recording.meet(
                    Figure(
                        phone.wa_id, persona.name, persona.role.value,
                        hide_phone=persona.hide_phone, username=persona.username or "",
                    )
                )  # fmt: skip
