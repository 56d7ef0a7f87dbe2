"""What the samples say that tell how one person, or two, came to be known under several ids; name → events."""

from datetime import UTC, datetime, timedelta

from tests.whatsapp.sample_values import NUMBER
from wakeel.domain.events import Event, IdentityChanged, Sender, TextReceived

FIRST = datetime(2026, 11, 22, 8, tzinfo=UTC)


def _text(
    minute: int, wamid: str, text: str, wa_id: str | None, bsuid: str | None, username: str | None = None
) -> Event:
    return TextReceived(
        **NUMBER, wamid=f"wamid.{wamid}", sent_at=FIRST + timedelta(minutes=minute), text=text,
        sender=Sender(wa_id, bsuid, "سلمى", username),  # type: ignore[arg-type]
    )  # fmt: skip


def _notice(minute: int, wamid: str, kind: str, sender: Sender, **new: str) -> Event:
    sent_at = FIRST + timedelta(minutes=minute)
    return IdentityChanged(**NUMBER, wamid=f"wamid.{wamid}", sent_at=sent_at, kind=kind, sender=sender, **new)  # type: ignore[arg-type]


def _person(case: int, id: int) -> str:
    return f"SA.60{case}0000000000000000{id}"


IDENTITY: dict[str, list[Event]] = {
    "identity_phone_absent": [
        _text(1, "IDA1", "السلام عليكم", None, _person(1, 1), "salma.k"),
        _text(2, "IDA2", "غيّرت اسمي", None, _person(1, 1), "salma.trade"),
    ],
    "identity_number_changed": [
        _text(1, "IDB1", "مرحبا", "966505560002", _person(2, 1)),
        _notice(
            5, "IDB2", "user_changed_number", Sender("966505560002", _person(2, 1)),  # type: ignore[arg-type]
            new_wa_id="966505560092", new_bsuid=_person(2, 2),
        ),
        _text(9, "IDB3", "هذا رقمي الجديد", "966505560092", _person(2, 2)),
    ],
    "identity_ids_changed": [
        _text(1, "IDC1", "مرحبا", None, _person(3, 1), "salma.k"),
        _notice(5, "IDC2", "user_changed_user_id", Sender(None, _person(3, 1)), new_bsuid=_person(3, 2)),  # type: ignore[arg-type]
        _text(9, "IDC3", "ما زلت هنا", None, _person(3, 2), "salma.k"),
    ],
    "identity_number_changed_without_ids": [
        _text(1, "IDD1", "مرحبا", "966505560004", _person(4, 1)),
        _notice(5, "IDD2", "user_changed_number", Sender("966505560004", None), new_wa_id="966505560094"),  # type: ignore[arg-type]
        _text(9, "IDD3", "هذا رقمي الجديد", "966505560094", _person(4, 2)),
    ],
    "identity_former_unknown": [
        _text(1, "IDE1", "مرحبا", "966505560095", _person(5, 2)),
        _notice(2, "IDE2", "user_changed_user_id", Sender(None, _person(5, 1)), new_bsuid=_person(5, 2)),  # type: ignore[arg-type]
    ],
    "identity_two_records": [
        _text(1, "IDF1", "مرحبا", None, _person(6, 1), "salma.k"),
        _text(2, "IDF2", "رقمي ظاهر الآن", "966505560006", None),
        _text(9, "IDF3", "وهذا أنا أيضًا", "966505560006", _person(6, 1), "salma.k"),
    ],
    "identity_recycled_number": [
        _text(1, "IDG1", "مرحبا", "966505560007", _person(7, 1)),
        _text(9, "IDG2", "من معي؟", "966505560007", _person(7, 2)),
    ],
}  # fmt: skip
