"""The peers' scratch environment: made once by the benchmark, below `.bench/`, from pinned versions."""

import hashlib
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

PEER = "pywa"
HERE = Path(__file__).parent
SCRATCH = HERE.parents[1] / ".bench"
PINNED = HERE / "pywa.txt"


@dataclass(frozen=True, slots=True)
class Peer:
    """python: of the scratch environment. server: the program it runs. version: of the peer itself."""

    python: Path
    server: Path
    version: str


def installed() -> Peer:
    """The peer, ready to be started; made now if this is the first time. Raises CalledProcessError or OSError."""
    digest = hashlib.sha256(PINNED.read_bytes()).hexdigest()[:12]
    folder = SCRATCH / f"pywa-{digest}-{sys.version_info.major}.{sys.version_info.minor}"
    python, done = folder / "bin" / "python", folder / "installed"
    if not done.exists():
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        pip = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes"]
        subprocess.run([*pip, "-r", str(PINNED)], check=True, capture_output=True)
        done.touch()
    asked = "from importlib.metadata import version; print(version('pywa'))"
    told = subprocess.run([python, "-c", asked], check=True, capture_output=True, text=True)
    return Peer(python, HERE / "pywa_server.py", told.stdout.strip())
