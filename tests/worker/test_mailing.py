"""Mail handed to a server that takes it, refuses it, or falls silent: three outcomes, as for messages."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage

import pytest

from wakeel.flows.mail_meeting import Mail, Mailed, MailOutcome
from wakeel.worker.mailing import MailOptions, send

TO = ("maryam@example.com", "ali@example.com")


class MailServer(socketserver.ThreadingTCPServer):
    """Answers one word after another as `replies` says; a reply of '' hangs up. got: what came as DATA."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, replies: dict[str, str]) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.replies = {"AUTH": "235 ok", "DATA": "354 go on", ".": "250 taken", **replies}
        self.got: list[bytes] = []


class _Conversation(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            word = line.split()[0].decode().upper() if line.split() else ""
            said = self._read_data() if word == "DATA" and self._reply("DATA") else word
            if word == "DATA" and not said:
                continue
            if not self._reply("." if word == "DATA" else word):
                return
            if word == "QUIT":
                return

    def _read_data(self) -> str:
        if not self.server.replies["DATA"].startswith("354"):
            return ""
        data = b""
        while not data.endswith(b"\r\n.\r\n"):
            data += self.rfile.readline()
        self.server.got.append(data)
        return "."

    def _reply(self, word: str) -> bool:
        default = "250-here\r\n250 AUTH PLAIN" if word == "EHLO" else "221 bye" if word == "QUIT" else "250 ok"
        said = self.server.replies.get(word, default)
        if not said:
            return False
        self.wfile.write(said.encode() + b"\r\n")
        return True


@contextmanager
def server(**replies: str) -> Iterator[MailServer]:
    words = {name.replace("END", "."): reply for name, reply in replies.items()}
    with MailServer(words) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield running
        finally:
            running.shutdown()


def mail() -> Mail:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "office@example.com", ", ".join(TO), "تجديد العقد"
    message.set_content("الأحد 29 نوفمبر")
    return Mail("biz_1", "mtg_1", TO, message)


def options(running: MailServer, **more: str) -> MailOptions:
    return MailOptions("127.0.0.1", running.server_address[1], "none", "office@example.com", **more)


def test_a_taken_mail_is_sent() -> None:
    with server() as running:
        assert send(options(running, user="sara", password="secret"), mail()) == MailOutcome(Mailed.SENT)
        (data,) = running.got
    assert b"Date:" in data
    assert b"=?utf-8?" in data


@pytest.mark.parametrize(
    ("replies", "expected"),
    [
        ({"AUTH": "535 no"}, MailOutcome(Mailed.REFUSED, "unauthorised")),
        ({"RCPT": "550 nobody"}, MailOutcome(Mailed.REFUSED, "refused")),
        ({"RCPT": "450 later"}, MailOutcome(Mailed.NOT_SENT, "unreachable")),
        ({"END": "554 spam"}, MailOutcome(Mailed.REFUSED, "refused")),
        ({"END": "451 later"}, MailOutcome(Mailed.NOT_SENT, "unreachable")),
        ({"END": ""}, MailOutcome(Mailed.UNKNOWN, "unknown")),
    ],
)
def test_what_the_server_says_decides(replies: dict[str, str], expected: MailOutcome) -> None:
    """Silence after the text may mean that it was taken: nobody sends it again by itself."""
    with server(**replies) as running:
        assert send(options(running, user="sara", password="secret"), mail()) == expected


def test_nobody_listening_is_tried_again() -> None:
    nobody = MailOptions("127.0.0.1", 9, "none", "office@example.com")
    assert send(nobody, mail()) == MailOutcome(Mailed.NOT_SENT, "unreachable")


def test_a_server_without_tls_gets_neither_password_nor_mail() -> None:
    with server() as running:
        asked = MailOptions("127.0.0.1", running.server_address[1], "starttls", "office@example.com", "sara", "secret")
        assert send(asked, mail()) == MailOutcome(Mailed.NOT_SENT, "unreachable")
        assert running.got == []
