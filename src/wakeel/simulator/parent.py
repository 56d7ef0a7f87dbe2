"""Ends this process with the supervisor that started it, so that nobody is left on the port."""

import ctypes
import os
import signal
import sys
from collections.abc import Mapping

SUPERVISOR_VARIABLE = "WAKEEL_SUPERVISOR_PID"
PR_SET_PDEATHSIG = 1  # Linux, <linux/prctl.h>


class Orphaned(Exception):
    """The supervisor was gone before we could ask to be told."""

    def __init__(self, supervisor: int) -> None:
        super().__init__(f"process {supervisor}, named by {SUPERVISOR_VARIABLE}, is not running this one; unset it")


def end_with_supervisor(environ: Mapping[str, str]) -> None:
    """Ask the kernel for TERM when the supervisor ends. Nothing happens without one; only Linux can tell later ends.

    Raises Orphaned if it has ended already.
    """
    supervisor = environ.get(SUPERVISOR_VARIABLE, "")
    if not supervisor.isdecimal():
        return
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != int(supervisor):  # looked at after asking: no end falls between
        raise Orphaned(int(supervisor))
