import pytest

from wakeel.whatsapp.cards import text_part
from wakeel.whatsapp.payloads import BadAddress, message_body


def test_a_phone_is_addressed_with_its_plus():
    assert message_body(text_part("نص"), address="+966500000001") == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "+966500000001",
        "type": "text",
        "text": {"body": "نص", "preview_url": False},
    }


@pytest.mark.parametrize("bsuid", ["SA.20418873640192557731", "SA.ENT.11815799212886844830"])
def test_a_bsuid_goes_whole_as_recipient(bsuid: str):
    body = message_body(text_part("نص"), address=bsuid)
    assert body["recipient"] == bsuid
    assert "to" not in body


@pytest.mark.parametrize(
    "address", ["966500000001", "0500000001", "+", "+٩٦٦٥٠٠٠٠٠٠٠١", "SA.", "sa.1", "muna", "", "+966500000001\n"]
)
def test_any_other_address_is_refused(address: str):
    """Without + Meta puts the business's own country code in front: the message would reach a stranger."""
    with pytest.raises(BadAddress) as caught:
        message_body(text_part("نص"), address=address)
    assert "9665" not in str(caught.value)
