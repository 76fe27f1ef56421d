"""Where what the event loop asks of the store waits for a thread. What waits together shares a transaction, where the store allows it."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

Call = Callable[[Session], Any]


@dataclass(frozen=True, slots=True)
class Broke:
    """What a call raised, to be raised where it was asked."""

    error: Exception


@dataclass(frozen=True, slots=True)
class Asked:
    """A call that waits, and who waits for it. `flushed` says that its outcome must survive a power cut."""

    call: Call
    flushed: bool
    answer: asyncio.Future[Any]

    def tell(self, outcome: Any) -> None:
        """Hand over what came of it, from the store's thread."""
        loop = self.answer.get_loop()
        if not loop.is_closed():
            loop.call_soon_threadsafe(self._tell, outcome)

    def _tell(self, outcome: Any) -> None:
        if self.answer.done():  # whoever asked went away
            return
        if isinstance(outcome, Broke):
            self.answer.set_exception(outcome.error)
        else:
            self.answer.set_result(outcome)


class Line:
    """Calls that wait for one of so many threads; each thread takes at most so many together."""

    def __init__(self, run: Callable[[Sequence[Asked]], Sequence[Any]], *, threads: int, together: int, name: str) -> None:
        self._run = run
        self._together = together
        self._waiting: deque[Asked] = deque()
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix=name)

    async def ask(self, call: Call, *, flushed: bool) -> Any:
        """Wait in line, then for the outcome."""
        asked = Asked(call, flushed, asyncio.get_running_loop().create_future())
        self._waiting.append(asked)
        self._threads.submit(self._serve)
        return await asked.answer

    def close(self) -> None:
        """Finish what waits."""
        self._threads.shutdown()

    def _serve(self) -> None:
        taken = self._take()
        for asked, outcome in zip(taken, self._outcomes(taken), strict=True):
            asked.tell(outcome)

    def _outcomes(self, taken: Sequence[Asked]) -> Sequence[Any]:
        """Of all together; when one of them breaks, of each by itself."""
        try:
            return self._run(taken) if taken else ()
        except Exception as error:
            return [Broke(error)] if len(taken) == 1 else [outcome for each in taken for outcome in self._outcomes([each])]

    def _take(self) -> list[Asked]:
        """Those in front; none where an earlier thread took all."""
        taken: list[Asked] = []
        while len(taken) < self._together:
            try:
                asked = self._waiting.popleft()
            except IndexError:
                break
            if not asked.answer.cancelled():
                taken.append(asked)
        return taken
