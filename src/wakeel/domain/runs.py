"""Is this the newest database, or a copy that somebody put back? Design section 7, "restored backup".

The database and the file `run` in the data folder count together: one more at each start of a worker and every few
seconds while one runs, the database first. A database that is behind its file is a copy; where nothing can be compared,
that is said, and a person decides.
"""

from dataclasses import dataclass
from enum import StrEnum

from wakeel.domain.words import Text


class RunFinding(StrEnum):
    """What a start found."""

    FIRST = "first"  # nothing ran here before
    SAME = "same"  # not older than the file
    JOINED = "joined"  # no file of ours, but another worker runs on this database right now
    BEHIND = "behind"  # the file has seen a later state of this database
    MISSING = "missing"  # this database ran before, and there is no file
    UNREADABLE = "unreadable"  # there is one that says nothing
    OTHER = "other"  # it speaks of another database
    UNWRITABLE = "unwritable"  # the file cannot be written, so that the next start will find nothing


DOUBTFUL = frozenset({RunFinding.BEHIND, RunFinding.MISSING, RunFinding.UNREADABLE, RunFinding.OTHER})
"""Findings after which nothing leaves to contacts before an administrator has looked."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a database had come. database: its own id, the same in every copy of it."""

    database: str
    number: int


@dataclass(frozen=True, slots=True)
class RunFile:
    """What was found at the file's place. mark: None if there is no file, or none that can be understood."""

    is_there: bool
    mark: Mark | None = None


def judge(kept: Mark | None, file: RunFile, *, has_messages: bool, has_company: bool) -> RunFinding:
    """Say what a database is by what it and the file know.

    kept: what the database says, None if no worker of this version ran on it. has_messages: it holds any message at
    all. has_company: another worker is at work on it at this moment, so it is the one that is in use.
    """
    if kept is None:
        if not file.is_there or not has_messages:
            return RunFinding.FIRST
        return RunFinding.BEHIND if file.mark is not None else RunFinding.UNREADABLE
    if file.mark is not None and file.mark.database == kept.database:
        return RunFinding.BEHIND if file.mark.number > kept.number else RunFinding.SAME
    if has_company:
        return RunFinding.JOINED
    if not file.is_there:
        return RunFinding.MISSING
    return RunFinding.UNREADABLE if file.mark is None else RunFinding.OTHER


WHAT_HAPPENED: dict[RunFinding, Text] = {
    RunFinding.BEHIND: Text("أُعيدت قاعدة البيانات من نسخة احتياطية", "The database came back from a backup"),
    RunFinding.MISSING: Text(
        "لا يوجد ملف run، ولا يُعرف هل هذه أحدث قاعدة بيانات",
        "The file “run” is missing, so nothing shows whether this is the newest database",
    ),
    RunFinding.UNREADABLE: Text(
        "تعذّرت قراءة ملف run، ولا يُعرف هل هذه أحدث قاعدة بيانات",
        "The file “run” cannot be read, so nothing shows whether this is the newest database",
    ),
    RunFinding.OTHER: Text(
        "ملف run يخص قاعدة بيانات أخرى، ولا يُعرف هل هذه أحدث نسخة",
        "The file “run” speaks of another database, so nothing shows whether this is the newest one",
    ),
    RunFinding.UNWRITABLE: Text(
        "تعذّرت كتابة ملف run، فلن تُكتشف نسخة احتياطية مستعادة",
        "The file “run” cannot be written, so a restored backup would not be noticed",
    ),
}

WHAT_TO_DO: dict[RunFinding, Text] = {
    **dict.fromkeys(
        sorted(DOUBTFUL),
        Text(
            "أُوقف الإرسال إلى جهات الاتصال، وكل ما لم يُرسل موقوف. ما خرج أو وصل بعد أخذ النسخة غير معروف هنا: طلبات "
            "الإيقاف والردود والاعتمادات التي جاءت بعدها ضاعت، والأمر wakeel replay لا يعيدها لأنه يقرأ القاعدة نفسها. "
            "راجع محادثات واتساب وسجّل طلبات الإيقاف الناقصة، ثم استأنف باختيار «تبقى موقوفة». أما «تخرج الآن» فلمن "
            "يعرف أن هذه أحدث قاعدة.",
            "Sending to contacts is stopped and everything unsent is held. What left or came in after the copy was "
            "made is not known here: requests to stop, replies and approvals of that time are lost, and “wakeel "
            "replay” cannot bring them back, because it reads this same database. Look into the WhatsApp chats and "
            "record missing requests to stop, then resume and keep the messages back. “Let them leave now” is for "
            "whoever knows that this is the newest database.",
        ),
    ),
    RunFinding.UNWRITABLE: Text(
        "اجعل مجلد البيانات قابلًا للكتابة لهذا الحساب ثم أعد التشغيل.",
        "Let this account write to the data folder, then start again.",
    ),
}
