"""One time-out for many requests: a timer of its own for each would cost more than checking a signature."""

import asyncio
from types import TracebackType

# How late a time-out may come, as a part of it.
_LATE_BY = 1 / 40


class Deadlines:
    """Ends what runs longer than `within_s`. One loop only; begins in the order of the ends, as all last the same."""

    def __init__(self, within_s: float) -> None:
        self._within_s = within_s
        self._ends: dict[asyncio.Task[object], float] = {}
        self._over: set[asyncio.Task[object]] = set()
        self._is_armed = False

    def running(self) -> "Deadline":
        """`with deadlines.running():` raises TimeoutError out of the block when its time is over."""
        return Deadline(self)

    def begin(self, task: "asyncio.Task[object]") -> None:
        loop = task.get_loop()
        self._ends[task] = loop.time() + self._within_s
        if not self._is_armed:
            self._arm(loop)

    def end(self, task: "asyncio.Task[object]") -> bool:
        """True if its time was over, and it was cancelled for that."""
        del self._ends[task]
        if task in self._over:
            self._over.discard(task)
            return True
        return False

    def _arm(self, loop: asyncio.AbstractEventLoop) -> None:
        self._is_armed = True
        loop.call_later(self._within_s * _LATE_BY, self._look, loop)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        for task, ends in self._ends.items():
            if ends > now:
                break
            if task not in self._over:
                self._over.add(task)
                task.cancel()
        self._is_armed = False
        if self._ends:
            self._arm(loop)


class Deadline:
    """One task's block."""

    __slots__ = ("_all", "_task")

    def __init__(self, all_of_them: Deadlines) -> None:
        self._all = all_of_them

    def __enter__(self) -> None:
        task = asyncio.current_task()
        assert task is not None, "only a task has something to cancel"  # noqa: S101
        self._task: asyncio.Task[object] = task
        self._all.begin(task)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Somebody else's cancelling goes on as it is."""
        if self._all.end(self._task) and self._task.uncancel() <= 0 and kind is asyncio.CancelledError:
            raise TimeoutError from error
