"""The shape of a template message. Whether there is such a template, and what it asks for, is said by `filling`."""

from collections.abc import Callable

from wakeel.simulator.bubbles.pieces import MediaLookup
from wakeel.simulator.checks.media import media_part
from wakeel.simulator.checks.plain import position
from wakeel.simulator.checks.shape import (
    Json,
    Wrong,
    a_list,
    a_text,
    an_object,
    counted,
    known_keys,
    one_of,
    part,
    sized,
    text_if_any,
    whole,
)
from wakeel.simulator.errors import MetaError, invalid, malformed

NAME = 512  # "Template fundamentals"
TEXT = 32_768  # OpenAPI file; the rendered component keeps its own limit, see `filling`
BUTTONS = 10  # "Template components"
PAYLOAD = 256  # pywa 4.5; no figure of Meta's was found
COUPON = 15  # "Template components"
CARDS = 10  # "Media card carousel templates"
THOUSANDTHS = 10**15  # of a currency, far above any sum

COMPONENTS = frozenset({"header", "body", "button", "limited_time_offer", "carousel", "tap_target_configuration"})
SUB_TYPES = {
    "quick_reply": frozenset({"payload"}),
    "url": frozenset({"text"}),
    "copy_code": frozenset({"coupon_code"}),
    "flow": frozenset({"action"}),
    "catalog": frozenset({"action"}),
    "mpm": frozenset({"action"}),
    "voice_call": frozenset({"payload", "ttl_minutes"}),
}
"""What a button of each kind is filled with. Source: "Template components" and its neighbours, pywa 4.5."""
BARE_BUTTONS = frozenset({"catalog", "flow", "voice_call"})
"""May come without a parameter."""
IN_PART = {
    "header": frozenset({"text", "currency", "date_time", "image", "video", "gif", "document", "location", "product"}),
    "body": frozenset({"text", "currency", "date_time"}),
    "limited_time_offer": frozenset({"limited_time_offer"}),
    "tap_target_configuration": frozenset({"tap_target_configuration"}),
}


def template(value: object, media: MediaLookup) -> None:
    """The `template` part of a message."""
    given = an_object(value, "template")
    known_keys(given, {"name", "language", "components"}, "template")
    sized(given, "name", "template.name", NAME)
    language = part(given, "language", "template.language")
    known_keys(language, {"code", "policy"}, "template.language")
    a_text(language, "code", "template.language.code")
    if language.get("policy") is not None:
        one_of(language, "policy", "template.language.policy", {"deterministic"})
    _components(given, "template", media, inside=COMPONENTS)


def _components(holder: Json, name: str, media: MediaLookup, *, inside: frozenset[str]) -> None:
    """inside: the types that may stand here; a card holds no carousel."""
    if holder.get("components") is None:
        return
    for at, value in enumerate(a_list(holder, "components", f"{name}.components")):
        where = f"{name}['components'][{at}]"
        component = an_object(value, where)
        kind = a_text(component, "type", f"{where}.type").lower()
        if kind not in inside:
            raise Wrong(malformed(f"{where}.type is unknown"))
        if kind == "button":
            _button(component, where, media)
        elif kind == "carousel":
            _carousel(component, where, media)
        else:
            known_keys(component, {"type", "parameters"}, where)
            for place, given in enumerate(a_list(component, "parameters", f"{where}.parameters")):
                parameter(given, f"{where}['parameters'][{place}]", IN_PART[kind], media)


def _button(component: Json, name: str, media: MediaLookup) -> None:
    known_keys(component, {"type", "sub_type", "index", "parameters"}, name)
    kind = a_text(component, "sub_type", f"{name}.sub_type").lower()
    if kind not in SUB_TYPES:
        raise Wrong(malformed(f"{name}.sub_type is unknown"))
    whole(component, "index", f"{name}.index", least=0, most=BUTTONS - 1)
    if component.get("parameters") is None and kind in BARE_BUTTONS:
        return
    given = a_list(component, "parameters", f"{name}.parameters")
    counted(given, "parameters", most=len(SUB_TYPES[kind]))
    for place, value in enumerate(given):
        parameter(value, f"{name}['parameters'][{place}]", SUB_TYPES[kind], media)


def _carousel(component: Json, name: str, media: MediaLookup) -> None:
    known_keys(component, {"type", "cards"}, name)
    cards = a_list(component, "cards", f"{name}.cards")
    counted(cards, "cards", most=CARDS)
    for at, value in enumerate(cards):
        where = f"{name}['cards'][{at}]"
        card = an_object(value, where)
        known_keys(card, {"card_index", "components"}, where)
        whole(card, "card_index", f"{where}.card_index", least=0, most=CARDS - 1)
        _components(card, where, media, inside=frozenset({"header", "body", "button"}))


def parameter(value: object, name: str, allowed: frozenset[str], media: MediaLookup) -> None:
    """One value. allowed: the types that may stand here."""
    given = an_object(value, name)
    kind = a_text(given, "type", f"{name}.type").lower()
    if kind not in allowed:
        raise Wrong(invalid(f"{name}.type {kind} is not allowed here"))
    known_keys(given, {"type", kind, "parameter_name"}, name)
    text_if_any(given, "parameter_name", f"{name}.parameter_name")
    if kind in MEDIA_KINDS:
        _media(given, kind, name, media)
    else:
        PARAMETERS[kind](given, name)


MEDIA_KINDS = frozenset({"image", "video", "gif", "document"})


def _media(given: Json, kind: str, name: str, media: MediaLookup) -> None:
    """Captions are not supported here, a file name is. Source: "Template messages"."""
    value = part(given, kind, f"{name}['{kind}']")
    if value.get("caption") is not None:
        raise Wrong(malformed(f'Unexpected key "caption" on param "{name}[\'{kind}\']".'))
    media_part(value, kind, f"{name}['{kind}']", media)


def _text(given: Json, name: str) -> None:
    if not given.get("text"):
        raise Wrong(MetaError(131008, "Parameter of type text is missing text value"))
    sized(given, "text", f"{name}.text", TEXT)


def _currency(given: Json, name: str) -> None:
    value = part(given, "currency", f"{name}.currency")
    a_text(value, "fallback_value", f"{name}.currency.fallback_value")
    code = a_text(value, "code", f"{name}.currency.code")
    if not (len(code) == 3 and code.isascii() and code.isalpha()):  # noqa: PLR2004  (ISO 4217)
        raise Wrong(invalid(f"{name}.currency.code must be a currency of ISO 4217"))
    whole(value, "amount_1000", f"{name}.currency.amount_1000", least=0, most=THOUSANDTHS)


def _date_time(given: Json, name: str) -> None:
    value = part(given, "date_time", f"{name}.date_time")
    a_text(value, "fallback_value", f"{name}.date_time.fallback_value")


def _product(given: Json, name: str) -> None:
    value = part(given, "product", f"{name}.product")
    for key in ("product_retailer_id", "catalog_id"):
        a_text(value, key, f"{name}.product.{key}")


def _offer(given: Json, name: str) -> None:
    value = part(given, "limited_time_offer", f"{name}.limited_time_offer")
    where = f"{name}.limited_time_offer.expiration_time_ms"
    whole(value, "expiration_time_ms", where, least=0, most=THOUSANDTHS)


PARAMETERS: dict[str, Callable[[Json, str], object]] = {
    "text": _text,
    "currency": _currency,
    "date_time": _date_time,
    "location": lambda given, name: position(part(given, "location", f"{name}.location"), f"{name}.location"),
    "product": _product,
    "payload": lambda given, name: sized(given, "payload", f"{name}.payload", PAYLOAD),
    "coupon_code": lambda given, name: sized(given, "coupon_code", f"{name}.coupon_code", COUPON),
    "action": lambda given, name: part(given, "action", f"{name}.action"),
    "ttl_minutes": lambda given, name: whole(given, "ttl_minutes", f"{name}.ttl_minutes", least=1, most=43_200),
    "limited_time_offer": _offer,
    "tap_target_configuration": lambda given, name: a_list(given, "tap_target_configuration", name),
}
