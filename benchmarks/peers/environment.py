"""The peers' scratch environments: made once by the benchmarks, below `.bench/`, from pinned versions."""

import hashlib
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

PEER, QUEUE_PEER = "pywa", "dbos"
HERE = Path(__file__).parent
SCRATCH = HERE.parents[1] / ".bench"
SERVERS = {PEER: "pywa_server.py", QUEUE_PEER: "dbos_queue.py"}


@dataclass(frozen=True, slots=True)
class Peer:
    """python: of the scratch environment. server: the program it runs. version: of the peer itself."""

    python: Path
    server: Path
    version: str


def installed(name: str = PEER) -> Peer:
    """The peer, ready to be started; made now if this is the first time. Raises CalledProcessError or OSError."""
    pinned = HERE / f"{name}.txt"
    digest = hashlib.sha256(pinned.read_bytes()).hexdigest()[:12]
    folder = SCRATCH / f"{name}-{digest}-{sys.version_info.major}.{sys.version_info.minor}"
    python, done = folder / "bin" / "python", folder / "installed"
    if not done.exists():
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        pip = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes"]
        subprocess.run([*pip, "-r", str(pinned)], check=True, capture_output=True)
        done.touch()
    asked = f"from importlib.metadata import version; print(version('{name}'))"
    told = subprocess.run([python, "-c", asked], check=True, capture_output=True, text=True)
    return Peer(python, HERE / SERVERS[name], told.stdout.strip())
