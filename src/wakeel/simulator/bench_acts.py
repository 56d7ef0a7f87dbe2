"""The bench's verbs for what people do with their phones, besides typing and tapping.

Below /api/phones/{wa_id}; `?` marks what may be left out, times are business time in Unix seconds.

    POST …/send        {type, …, context_wamid?, forwarded?: true | "often", product?, timestamp?} -> {wamid}
        text           {text}; product: the id of a catalogue's item that the words ask about
        image, video   {caption?}        \\
        document       {filename?, caption?} } and {data?: base64, mime?, filename?} for a file of one's own;
        audio, voice   {}                /   without data the simulator sends a small sample of that kind
        sticker        {animated?}
        location       {latitude?, longitude?, name?, address?, url?}: Riyadh without them
        contacts       {name, phone} or {contacts: [{name, phone}, …]}
        reaction       {wamid, emoji?}: on that message; without an emoji an earlier one goes away
        order          {items?: [{product?, quantity?, price?, currency?}, …], text?}
        referral       {text?, headline?, body?, source_type?, source_id?, source_url?, click_id?, in_status?}: the
                       first words after a tap on an ad
        flow           {answers?, token?}: a completed form
        unsupported    {kind?}: a poll, or what else the Cloud API cannot carry
        own_number     {}: the person's own card, as the button that asks for it gives
        anything else  {content: {…}}: the part of that name as it is
    POST …/edit        {wamid, text}: new words for an own message, or for the caption of an own file -> {wamid}
    POST …/revoke      {wamid}: an own message is deleted for everyone -> {wamid}
    POST …/read        {wamid?}: this message, or all unread ones, are read now -> {read: [wamid, …]}
    POST …/play        {wamid}: a voice message of the business is played for the first time -> {wamid}
    POST …/profile     {name?, username?, hide_phone?, speaks?, reads?, reads_after_s?}; null takes username and
                       reads_after_s away. reads: read, delivered (never read) or off (the phone is off)
    POST …/number      {wa_id, tell?: true, bsuid?, former?: true}: another number, hence another user id; the phone is
                       found under the new wa_id from then on. former: whether the news names the former user id
    POST …/bsuid       {bsuid, tell?: false, former?: true}: another user id. Untold, it is another person who holds
                       this number from now on
    POST …/identity    {}: a new device or key
    POST …/preferences {marketing: "stop" | "resume"}: inside WhatsApp, to this business
    POST …/block       {blocked: true | false}: the business blocks the person with its own tools, or lets them in again
    POST …/script      {script: name | null, first?}: who answers for the person (names: /api/state `scripts`); first:
                       whether the script's first message is written now, without it if the person never wrote
    POST /api/scripts  {seed}: what the choices of all scripts follow from; their progress starts anew

An edited or deleted message stays in the chat, marked. A phone whose owner the business blocked reaches nobody.
"""

import base64
import binascii
from collections.abc import Awaitable, Callable

from starlette.requests import Request

from wakeel.simulator.acts import MARKETING, Acts
from wakeel.simulator.durations import DAY_S
from wakeel.simulator.inbound import ATTACHMENTS, CAPTIONED, own_card, said
from wakeel.simulator.personas import Reads
from wakeel.simulator.scripts import Dialect
from wakeel.simulator.switchboard import Switchboard
from wakeel.simulator.wishes import Json, Mistake, given, number, one_of, phone_of, timestamp, words
from wakeel.simulator.world import Direction, Message, Phone, Taken

Verb = Callable[[Request, Json], Awaitable[Json]]

OWN_NUMBER = "own_number"
EDITABLE = CAPTIONED | {"text"}


class ActsBench:
    """Answers for one phone at a time."""

    def __init__(self, board: Switchboard) -> None:
        self._board = board
        self._acts = Acts(board)

    def posts(self) -> dict[str, Verb]:
        """Path to verb."""
        verbs: dict[str, Callable[[Phone, Json], Json]] = {
            "send": self._send,
            "edit": self._edit,
            "revoke": self._revoke,
            "read": self._read,
            "play": self._play,
            "profile": self._profile,
            "number": self._number,
            "bsuid": self._bsuid,
            "identity": self._identity,
            "preferences": self._preferences,
            "block": self._block,
            "script": self._script,
        }
        paths = {f"/api/phones/{{wa_id}}/{name}": self._of_phone(verb) for name, verb in verbs.items()}
        return paths | {"/api/scripts": self._scripts}

    def _of_phone(self, verb: Callable[[Phone, Json], Json]) -> Verb:
        async def endpoint(request: Request, wish: Json) -> Json:
            answer = verb(phone_of(request, self._board.world), wish)
            self._board.bell.ring()
            return answer

        return endpoint

    def _send(self, phone: Phone, wish: Json) -> Json:
        kind, at = given(wish, "type", str), timestamp(wish)
        if kind in ATTACHMENTS:
            return {"wamid": self._acts.attach(phone, kind, wish, content=_content(wish), at=at).wamid}
        content = own_card(phone.wa_id) if kind == OWN_NUMBER else said(kind, wish)
        return {"wamid": self._acts.send(phone, content, wish, at=at).wamid}

    def _edit(self, phone: Phone, wish: Json) -> Json:
        message, text = self._own(phone, wish), given(wish, "text", str)
        if message.type not in EDITABLE or message.revoked:
            raise Mistake("only words and captions that are still there can be edited")
        return {"wamid": self._acts.edit(phone, message, text)}

    def _revoke(self, phone: Phone, wish: Json) -> Json:
        message = self._own(phone, wish)
        if message.revoked:
            raise Mistake("this message is deleted already")
        return {"wamid": self._acts.revoke(phone, message)}

    def _read(self, phone: Phone, wish: Json) -> Json:
        only = self._message(phone, wish, Direction.RECEIVED) if words(wish, "wamid") else None
        return {"read": self._acts.read(phone, only=only)}

    def _play(self, phone: Phone, wish: Json) -> Json:
        message = self._message(phone, wish, Direction.RECEIVED)
        if message.type != "audio":
            raise Mistake("only a voice message can be played")
        self._board.teller.report(phone, message, "played")
        return {"wamid": message.wamid}

    def _profile(self, phone: Phone, wish: Json) -> Json:
        changes: Json = {}
        if "name" in wish:
            changes["name"] = given(wish, "name", str)
        if "username" in wish:
            changes["username"] = words(wish, "username") or None
        if "hide_phone" in wish:
            changes["hide_phone"] = given(wish, "hide_phone", bool)
        if "speaks" in wish:
            changes["speaks"] = one_of(wish, "speaks", Dialect)
        if "reads" in wish:
            changes["reads"] = one_of(wish, "reads", Reads)
        if "reads_after_s" in wish:
            changes["reads_after_s"] = _not_negative(number(wish, "reads_after_s"))
        phone.change(**changes)
        self._board.teller.tell_owed(phone)
        return {"wa_id": phone.wa_id} | {name: getattr(phone.persona, name) for name in PROFILE}

    def _number(self, phone: Phone, wish: Json) -> Json:
        wa_id = given(wish, "wa_id", str)
        if not (wa_id.isascii() and wa_id.isdigit()) or wa_id == phone.wa_id:
            raise Mistake("wa_id must be other digits, without +")
        tell, former = given(wish, "tell", bool, default=True), given(wish, "former", bool, default=True)
        bsuid = words(wish, "bsuid") or None
        try:
            self._acts.renumber(phone, wa_id=wa_id, bsuid=bsuid, tell=tell, former=former)
        except Taken as fault:
            raise Mistake(str(fault)) from fault
        return {"wa_id": phone.wa_id, "bsuid": phone.bsuid}

    def _bsuid(self, phone: Phone, wish: Json) -> Json:
        tell, former = given(wish, "tell", bool, default=False), given(wish, "former", bool, default=True)
        try:
            self._acts.change_bsuid(phone, given(wish, "bsuid", str), tell=tell, former=former)
        except Taken as fault:
            raise Mistake("this bsuid belongs to another phone") from fault
        return {"wa_id": phone.wa_id, "bsuid": phone.bsuid}

    def _identity(self, phone: Phone, _: Json) -> Json:
        return {"wamid": self._acts.change_identity(phone)}

    def _preferences(self, phone: Phone, wish: Json) -> Json:
        marketing = one_of(wish, "marketing", MARKETING)
        self._acts.prefer(phone, marketing=marketing)
        return {"wa_id": phone.wa_id, "marketing": marketing}

    def _block(self, phone: Phone, wish: Json) -> Json:
        phone.blocked = given(wish, "blocked", bool)
        return {"wa_id": phone.wa_id, "blocked": phone.blocked}

    def _script(self, phone: Phone, wish: Json) -> Json:
        name = words(wish, "script") or None
        first = given(wish, "first", bool, default=phone.last_inbound_at is None)
        try:
            self._board.players.begin(phone, name, first=first)
        except KeyError as fault:
            raise Mistake("there is no such script; GET /api/state names them") from fault
        return {"wa_id": phone.wa_id, "script": name}

    async def _scripts(self, _: Request, wish: Json) -> Json:
        self._board.players.reseed(given(wish, "seed", int), self._board.world.phones.values())
        self._board.bell.ring()
        return {"seed": self._board.players.seed}

    def _own(self, phone: Phone, wish: Json) -> Message:
        return self._message(phone, wish, Direction.SENT)

    def _message(self, phone: Phone, wish: Json, direction: Direction) -> Message:
        held = self._board.world.holding(given(wish, "wamid", str))
        if held is None or held[0] is not phone or held[1].direction is not direction:
            raise Mistake(f"no {direction} message of this phone has this wamid", status=404)
        return held[1]


PROFILE = ("name", "username", "hide_phone", "speaks", "reads", "reads_after_s")


def _content(wish: Json) -> bytes | None:
    """The file of one's own; None when there is none. Raises Mistake."""
    data = words(wish, "data")
    if not data:
        return None
    try:
        return base64.b64decode(data, validate=True)
    except binascii.Error as fault:
        raise Mistake("data must be base64") from fault


def _not_negative(seconds: float | None) -> float | None:
    if seconds is not None and not 0 <= seconds <= DAY_S:
        raise Mistake(f"reads_after_s must be from 0 to {DAY_S}")
    return seconds
