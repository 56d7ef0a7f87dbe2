"""pywa's built-in server as its documentation starts it: `pywa_server.py PORT`, in the peer's own environment.

Its asynchronous client, the quicker of its two. Signatures are validated, duplicates skipped (its default: a set in
memory), the handlers do nothing, nothing is stored. pywa answers 200 first and calls the handlers afterwards.
"""

import sys

from pywa_async import WhatsApp  # type: ignore[import-not-found]

APP_SECRET, ENDPOINT = "benchmark_app_secret", "/webhook"


async def nothing(client: WhatsApp, update: object) -> None:
    """A handler of every kind that the load has."""


def main(port: int) -> None:
    client = WhatsApp(
        phone_id="105500000000002", token="unused", verify_token="unused", app_secret=APP_SECRET,
        webhook_endpoint=ENDPOINT,
    )  # fmt: skip
    for kind in (client.on_message, client.on_message_status, client.on_callback_button):
        kind()(nothing)
    client.run(host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    main(int(sys.argv[1]))
