"""Files that are taken in by the worker: the states of one import. Walk 5."""

from enum import StrEnum

from wakeel.domain.words import Text


class ImportKind(StrEnum):
    OPPORTUNITIES = "opportunities"
    CONSENTS = "consents"


KIND_WORDS: dict[ImportKind, Text] = {
    ImportKind.OPPORTUNITIES: Text("فرص", "Opportunities"),
    ImportKind.CONSENTS: Text("موافقات وإيقافات مع أدلتها", "Consents and withdrawals, with evidence"),
}


class ImportState(StrEnum):
    QUEUED = "queued"  # a person said yes; the worker has not begun
    RUNNING = "running"  # rows are being taken
    DONE = "done"  # every row was taken or refused
    STOPPED = "stopped"  # ended before its last row; what was taken stays
    UNDOING = "undoing"  # what it made is being taken back
    UNDONE = "undone"  # what could be taken back was


_S = ImportState
ALLOWED: dict[ImportState, frozenset[ImportState]] = {
    _S.QUEUED: frozenset({_S.RUNNING, _S.STOPPED}),
    _S.RUNNING: frozenset({_S.DONE, _S.STOPPED}),
    _S.DONE: frozenset({_S.UNDOING}),
    _S.STOPPED: frozenset({_S.UNDOING}),
    _S.UNDOING: frozenset({_S.UNDONE}),
    _S.UNDONE: frozenset(),
}

AT_WORK = frozenset({_S.QUEUED, _S.RUNNING, _S.UNDOING})
"""The worker has something to do."""
OVER = frozenset({_S.DONE, _S.STOPPED})
"""Nothing more is taken; what was made may still be taken back."""


class WhyStopped(StrEnum):
    PERSON = "person"  # somebody stopped it
    ERASURE = "erasure"  # a person's data was destroyed meanwhile, and the file may have named them
    FAILED = "failed"  # it ended the worker again and again


WHY_WORDS: dict[WhyStopped, Text] = {
    WhyStopped.PERSON: Text("أُوقف قبل نهايته.", "It was stopped before its end."),
    WhyStopped.ERASURE: Text(
        "أُتلفت بيانات أحد الأشخاص أثناء الاستيراد، فأُتلف الملف معها. يُرفع من جديد لإكمال الباقي.",
        "Somebody's data was destroyed during the import, and the file with it. Upload it again for the rest.",
    ),
    WhyStopped.FAILED: Text(
        "تعذّر إكماله بعد عدة محاولات. سجل العامل يذكر السبب.",
        "It could not be finished after several tries. The worker's log says why.",
    ),
}
