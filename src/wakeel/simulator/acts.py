"""What the owner of a phone does besides typing and tapping, and what Meta tells the business of it."""

from wakeel.simulator import envelopes, inbound
from wakeel.simulator.envelopes import Json
from wakeel.simulator.ids import new_wamid
from wakeel.simulator.switchboard import Switchboard
from wakeel.simulator.wishes import words
from wakeel.simulator.world import Message, Phone

MARKETING = {
    "stop": "User requested to stop marketing messages",
    "resume": "User requested to resume marketing messages",
}
"""Meta's own words for a person's choice (Meta, "user_preferences webhook", read 2026-11-22)."""


class Acts:
    """Hands and eyes of the people: each act changes the phone and posts what Meta would."""

    def __init__(self, board: Switchboard) -> None:
        self._board = board

    def attach(self, phone: Phone, kind: str, wish: Json, *, content: bytes | None, at: float | None) -> Message:
        """Send a file. kind: of `inbound.ATTACHMENTS`; content: None for a sample of that kind. Raises Mistake."""
        known = inbound.ATTACHMENTS[kind]
        store = self._board.media
        media_id = store.keep(
            known.content() if content is None else content,
            mime=words(wish, "mime", default=known.mime),
            filename=words(wish, "filename", default=known.filename) or None,
        )
        media = store.get(media_id)
        if media is None:
            raise KeyError(media_id)  # it was kept this moment
        part = {"id": media.id, "mime_type": media.mime, "sha256": media.sha256_base64, "url": store.url(media)}
        return self.send(phone, inbound.attached(kind, wish, media=part), wish, at=at)

    def send(self, phone: Phone, content: Json, wish: Json, *, at: float | None = None) -> Message:
        """Send a message of any type. wish: what stands beside it (see `inbound.context_of`). Raises Mistake."""
        context = inbound.context_of(wish, business=self._board.options.display_phone)
        message = self._board.own(
            phone,
            kind=content["type"],
            text=(content.get("text") or {}).get("body", ""),
            context_wamid=(context or {}).get("id"),
            at=at,
            payload=content,
        )
        if "referral" in content:
            phone.referred_at = message.at
        return self._board.send_in(phone, message, content, context=context)

    def edit(self, phone: Phone, message: Message, text: str) -> str:
        """Change the words of a message, or those under a file; the wamid of the news."""
        part = {"type": "text", "text": {"body": text}}
        if message.payload and message.type in inbound.CAPTIONED:
            file = message.payload[message.type]
            part = {"type": message.type, message.type: file | {"caption": text}}
            message.payload = part
        message.text, message.edited = text, True
        edit = {"original_message_id": message.wamid, "message": {"context": {"id": "M0"}} | part}
        return self._tell(phone, {"type": "edit", "edit": edit})

    def revoke(self, phone: Phone, message: Message) -> str:
        """Delete a message for everyone; the wamid of the news."""
        message.revoked = True
        return self._tell(phone, {"type": "revoke", "revoke": {"original_message_id": message.wamid}})

    def read(self, phone: Phone, *, only: Message | None = None) -> list[str]:
        """Open the chat: everything unread is read, `delivered` left out where it was not told yet. Their wamids."""
        shown = phone.messages if only is None else [only]
        unread = [message for message in shown if "read" in message.owed()]
        for message in unread:
            self._board.teller.report(phone, message, "read")
        return [message.wamid for message in unread]

    def renumber(self, phone: Phone, *, wa_id: str, bsuid: str | None, tell: bool, former: bool) -> None:
        """Move to another number, which gives another user id (Meta, "BSUID", read 2026-11-22). Raises Taken.

        tell: False says nothing, the person is a stranger when they write next. former: False leaves
        `previous_user_id` out, as before August 2026.
        """
        old_wa_id, old_bsuid, name = phone.wa_id, phone.bsuid, phone.persona.name
        self._board.world.renumber(phone, wa_id=wa_id, bsuid=bsuid or self._board.world.fresh_bsuid(wa_id))
        if not tell:
            return
        before = {"previous_user_id": old_bsuid} if former else {}
        if phone.persona.hide_phone:
            self._rename(old_bsuid, phone, before)
            return
        system = {
            "type": "user_changed_number",
            "body": f"User {name} changed from {old_wa_id} to {wa_id}",
            "wa_id": wa_id,
            "user_id": phone.bsuid,
        }
        self._system({"from": old_wa_id}, system | before)

    def change_bsuid(self, phone: Phone, bsuid: str, *, tell: bool, former: bool = True) -> None:
        """Give the phone another user id. tell: False is another person with the same number. Raises Taken."""
        old = phone.bsuid
        self._board.world.rebind(phone, bsuid)
        if tell:
            self._rename(old, phone, {"previous_user_id": old} if former else {})

    def change_identity(self, phone: Phone) -> str:
        """A new device or key, told to businesses that check identities (Meta, "Identity change", read 2026-11-22).

        The wamid of the news.
        """
        at = str(int(self._board.clock.now()))
        phone.devices += 1
        identity = {"acknowledged": True, "created_timestamp": at, "hash": phone.identity_hash}
        system = {"type": "customer_identity_changed", "body": f"User {phone.persona.name} changed their identity"}
        return self._tell(phone, {"type": "system", "system": system, "identity": identity})

    def prefer(self, phone: Phone, *, marketing: str) -> None:
        """Stop or resume marketing messages inside WhatsApp. marketing: a key of MARKETING."""
        phone.marketing_stopped = marketing == "stop"
        board, at = self._board, int(self._board.clock.now())
        board.postman.post(
            envelopes.preference(board.sender, phone, value=marketing, detail=MARKETING[marketing], at=at)
        )
        board.bell.ring()

    def _rename(self, old: str, phone: Phone, before: Json) -> None:
        system = {
            "type": "user_changed_user_id",
            "body": f"User {phone.persona.name} changed from {old} to {phone.bsuid}",
            "user_id": phone.bsuid,
        }
        self._system({}, system | before)

    def _system(self, sender: Json, system: Json) -> None:
        """News of Meta's own about a person: no `contacts` beside it."""
        at = int(self._board.clock.now())
        row = sender | {"id": new_wamid(None), "timestamp": str(at), "type": "system", "system": system}
        self._board.postman.post(envelopes.system(self._board.sender, row))
        self._board.bell.ring()

    def _tell(self, phone: Phone, content: Json) -> str:
        """News of a person that are no bubble."""
        board = self._board
        message = board.own(phone, kind=content["type"], text="", context_wamid=None, at=None)
        if not phone.blocked:
            board.postman.post(envelopes.inbound(board.sender, phone, message, content, context=None))
        board.bell.ring()
        return message.wamid
