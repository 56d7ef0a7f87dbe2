"""Five million rows in the inbox tables: what a month of a busy number leaves, made by raw SQL.

One webhook a row: 94 % left a status event, the rest a message; bodies are small, states done, times spread over the
days that raw bodies are kept and one hour more, so that the worker has something to put away while it is measured.
"""

import shutil
import time

from benchmarks.ingest_deployment import POSTGRESQL, Deployment

ROWS = 5_000_000
BYTES_A_ROW = 2500
"""Of disk, indexes and the journal of filling included; measured, rounded up."""
PART = 250_000
DAYS = 30
STATUS_SHARE = 94


def too_small(deployment: Deployment, rows: int) -> str:
    """Why the disk does not hold them; '' if it does."""
    needed, free = rows * BYTES_A_ROW, shutil.disk_usage(deployment.folder).free
    return f"needs {needed / 1e9:.0f} GB of disk, {free / 1e9:.0f} are free" if needed > free else ""


def fill_tables(deployment: Deployment, rows: int) -> float:
    """Seconds it took. Nothing may run meanwhile."""
    started = time.monotonic()
    on_postgresql = deployment.database == POSTGRESQL
    with deployment.connected() as connection:
        if not on_postgresql:
            connection.execute("PRAGMA cache_size = -1000000")
        [(business,)] = connection.execute("SELECT id FROM business").fetchall()
        for first in range(0, rows, PART):
            last = min(first + PART, rows) - 1
            for statement in _statements(business, first, last, rows, on_postgresql=on_postgresql):
                connection.execute(statement)
            connection.commit()
        connection.execute("ANALYZE")
        connection.commit()
    return time.monotonic() - started


def _statements(business: str, first: int, last: int, rows: int, *, on_postgresql: bool) -> list[str]:
    """For the webhooks of these numbers: raw rows, what 94 of a hundred and what the others left."""
    digest = "sha256(int8send(n))" if on_postgresql else "randomblob(32)"
    body = "sha256(int8send(-n))" if on_postgresql else "randomblob(96)"
    age = f"({rows} - n) * {DAYS * 86400 + 3600}.0 / {rows}"
    at = f"now() - {age} * interval '1 second'" if on_postgresql else f"datetime('now', '-' || ({age}) || ' seconds')"
    numbers = (
        f"generate_series({first}::bigint, {last}::bigint) AS t(n)"
        if on_postgresql
        else f"(WITH RECURSIVE t(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM t WHERE n < {last}) SELECT n FROM t)"
    )
    status = f"n % 100 < {STATUS_SHARE}"
    return [
        "INSERT INTO inbox (digest, body, key_epoch, received_at, state, errors, attempts, processed_at) "
        f"SELECT {digest}, {body}, NULL, {at}, 'done', '[]', 0, {at} FROM {numbers}",
        "INSERT INTO status_event (business_id, wamid, status, recipient, details, pricing_category, pricing_type, "
        "at, recorded_at) "
        f"SELECT '{business}', 'wamid.HBgMOTY2NTAwMDAwMDAxFQIAERgSOLD' || n, 'delivered', '966500000001', '', "
        f"'marketing', 'regular', {at}, {at} FROM {numbers} WHERE {status}",
        "INSERT INTO inbound_message (business_id, wamid, kind, text, content, button_id, context_wamid, handled, "
        "sent_at, recorded_at) "
        f"SELECT '{business}', 'wamid.HBgMOTY2NTAwMDAwMDAxFQIAERgSOLD' || n, 'text', 'السلام عليكم', '{{}}', '', '', "
        f"'', {at}, {at} FROM {numbers} WHERE NOT ({status})",
    ]
