"""Where a next step is done, as an address inside a WhatsApp answer: the screens' paths; a test holds them equal."""

from dataclasses import dataclass

from wakeel import config
from wakeel.domain.steps import STEP_WORDS, Step
from wakeel.domain.words import Text
from wakeel.store.models import SendingNumber

_NEXT = Text("الخطوة التالية:", "Next:")
_CHAT = frozenset({Step.WAIT_UNTIL_THEY_WRITE, Step.ASK_TO_WRITE_FIRST})
PATHS: dict[Step, str] = {
    Step.RECORD_CONSENT: "/contacts/{contact_id}/consent/",
    Step.CONFIRM_IDENTITY: "/contacts/{contact_id}/",
    Step.REACHABLE_AGAIN: "/contacts/{contact_id}/",
    Step.FIX_NUMBER: "/contacts/{contact_id}/number/",
    Step.USE_TEMPLATE: "/i/{opportunity_id}/template/",
    Step.FILL_VALUES: "/i/{opportunity_id}/template/",
    Step.CHANGE_VALUES: "/i/{opportunity_id}/template/",
    Step.OTHER_TEMPLATE: "/i/{opportunity_id}/template/",
    Step.EDIT_TEXT: "/i/{opportunity_id}/",
    Step.APPROVE_AGAIN: "/i/{opportunity_id}/",
    Step.RETRY: "/failures/",
    Step.SEND_AGAIN: "/failures/",
    Step.IT_ARRIVED: "/failures/",
    Step.GIVE_UP: "/failures/",
    Step.STOP_RETRY: "/failures/",
    Step.COPY_DETAILS: "/failures/",
    Step.CHANGE_TIME: "/i/{opportunity_id}/",
    Step.CHECK_SETTINGS: "/health/",
    Step.RENEW_ACCESS: "/health/",
    Step.REVIEW_QUALITY: "/health/",
    Step.ADD_NUMBER: "/health/",
    Step.RELEASE_STOP: "/health/",
    Step.RESUME_NUMBER: "/health/",
    Step.DECIDE_STOP: "/contacts/{contact_id}/",
    Step.APPROVE_TEXTS: "/texts/",
    Step.LOOK_AT_UNREAD: "/webhooks/",
}
"""Steps that are done on a page. What is in neither table is a sentence: there is nothing to do."""


@dataclass(frozen=True, slots=True)
class Steps:
    """Next steps under an answer, one a line, each with the address where it works; nothing without steps."""

    steps: tuple[Step, ...]
    number: SendingNumber
    contact_id: str = ""
    opportunity_id: str = ""

    def say(self, language: str) -> str:
        lines = [f"• {STEP_WORDS[step].say(language)}{self._address(step)}" for step in self.steps]
        label = _NEXT.say(language)
        return "\n" + "\n".join([label, *lines]) if lines else ""

    def _address(self, step: Step) -> str:
        if step in _CHAT:
            return f"\nhttps://wa.me/{self.number.display_phone}"
        path = PATHS.get(step)
        if path is None:
            return ""
        settings = config.get()
        base = settings.public_url or f"http://localhost:{settings.port}"
        return f"\n{base}{path.format(contact_id=self.contact_id, opportunity_id=self.opportunity_id)}"
