"""What a chaos run says, in Arabic and English; the sentences about broken promises are for who mends them."""

from collections import Counter
from collections.abc import Iterable, Sequence

from wakeel.domain.words import Language, Text
from wakeel.rehearsal.chaos.kills import Hit
from wakeel.rehearsal.chaos.series import Verdict

HELD = Text("البذرة {seed}، الجولة {round}: صحّت كل الوعود", "seed {seed}, round {round}: every promise held")
BROKE = Text("البذرة {seed}، الجولة {round}: لم تصحّ كل الوعود", "seed {seed}, round {round}: broken promises")
ROUND = Text(
    "الأشخاص {stories}، الرسائل الواصلة {sent}، الأعطال {faults}، عمليات القتل {kills}، الثواني {seconds}",
    "{stories} people, {sent} messages arrived, {faults} faults, {kills} kills, {seconds} s",
)
ALL_HELD = Text(
    "صحّت كل الوعود في {rounds} من {of}: لا رسالة ضائعة ولا مكررة ولا بلا اعتماد ولا إلى من طلب الإيقاف.",
    "{rounds} of {of} held: nothing lost, doubled or unapproved, nothing to anybody who had opted out.",
)
KILLS = Text("أين أصابت عمليات القتل:", "Where the kills hit:")
FAULTS = Text("الأعطال:", "Faults:")
NOTHING = Text("لا شيء", "none")
HITS = {
    Hit.CLAIM: Text("أثناء الحجز للإرسال", "in a claim"),
    Hit.CLAIMED: Text("بعد الحجز وقبل الإرسال", "claimed, not posted"),
    Hit.FLIGHT: Text("والطلب في الطريق", "in flight"),
    Hit.ANSWERED: Text("بعد الرد وقبل تسجيله", "after the answer"),
    Hit.DECODING: Text("أثناء قراءة الوارد", "decoding"),
    Hit.BETWEEN: Text("بين واردين", "between webhooks"),
    Hit.WRITING: Text("أثناء كتابة أخرى", "in another write"),
    Hit.DECISION: Text("أثناء قرار على الشاشة", "in a web decision"),
    Hit.WEBHOOK: Text("أثناء استلام وارد", "taking a webhook"),
    Hit.IDLE: Text("بلا عمل", "idle"),
}


def of_one(verdict: Verdict, *, language: Language) -> list[str]:
    """The lines about one plan; the first says whether every promise held."""
    head = (BROKE if verdict.broken else HELD).say(
        language, seed=verdict.plan.seed, round=verdict.plan.round_number + 1
    )
    told = ROUND.say(
        language, stories=len(verdict.plan.stories), sent=verdict.sent, faults=sum(verdict.faults.values()),
        kills=sum(verdict.kills.values()), seconds=round(verdict.seconds),
    )  # fmt: skip
    return [f"{head} ({told})", *(f"    {sentence}" for sentence in verdict.broken)]


def of_all(verdicts: Sequence[Verdict], *, language: Language) -> list[str]:
    """What all of them came to: how many held, where the kills hit, what went wrong on the wire."""
    held = sum(not verdict.broken for verdict in verdicts)
    kills = Counter[tuple[str, str]]()
    faults = Counter[str]()
    for verdict in verdicts:
        kills.update(verdict.kills)
        faults.update(verdict.faults)
    where = [f"{process}: {HITS[Hit(hit)].say(language)}  {count}" for (process, hit), count in sorted(kills.items())]
    met = [f"{name}  {count}" for name, count in sorted(faults.items())]
    return [
        ALL_HELD.say(language, rounds=held, of=len(verdicts)),
        KILLS.say(language), *_listed(where, language=language),
        FAULTS.say(language), *_listed(met, language=language),
    ]  # fmt: skip


def _listed(lines: Iterable[str], *, language: Language) -> list[str]:
    return [f"    {line}" for line in lines] or [f"    {NOTHING.say(language)}"]
