"""Where what the event loop asks of the store waits for a thread. What waits together shares a transaction, where the store allows it."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from sqlmodel import Session

from bot.errors import StoreUnavailable

Call = Callable[[Session], Any]

STEP = 2.0
STEPS = 10
"""Who asks is answered within so many steps of so many seconds, of which each counts only while we run: more than the server gives one
statement, and no longer than a sender waits who is to hear of it."""


@dataclass(frozen=True, slots=True)
class Broke:
    """What a call raised; nothing of it is kept."""

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


class _Patience:
    """Gives up on an answer that does not come, as if the store were away. In steps: who was stopped meanwhile gives up nothing.

    What is in hand then may still come to pass, as where the answer to a COMMIT is lost.
    """

    def __init__(self, answer: asyncio.Future[Any]) -> None:
        self._answer = answer
        self._left = STEPS
        self._wait()

    def _wait(self) -> None:
        self._timer = self._answer.get_loop().call_later(STEP, self._step)

    def _step(self) -> None:
        self._left -= 1
        if self._left:
            self._wait()
        elif not self._answer.done():
            self._answer.set_exception(StoreUnavailable())

    def end(self) -> None:
        self._timer.cancel()


class Line:
    """Calls that wait for one of so many threads; each thread takes at most so many together."""

    def __init__(self, run: Callable[[Sequence[Asked]], Sequence[Any]], *, threads: int, together: int, name: str) -> None:
        self._run = run
        self._together = together
        self._waiting: SimpleQueue[Asked | None] = SimpleQueue()
        # No end of the process waits for them: one may hang in a call to a store that is silent.
        self._threads = [Thread(target=self._serve_on, name=f"{name}-{number}", daemon=True) for number in range(threads)]
        self._is_open = False

    async def ask(self, call: Call, *, flushed: bool) -> Any:
        """Wait in line, then for the outcome. Raises StoreUnavailable where there is none in time."""
        if not self._is_open:
            self._is_open = True
            for thread in self._threads:
                thread.start()
        asked = Asked(call, flushed, asyncio.get_running_loop().create_future())
        self._waiting.put(asked)
        patience = _Patience(asked.answer)
        try:
            return await asked.answer
        finally:
            patience.end()

    def close(self, until: float) -> None:
        """Finish what waits, until then (monotonic) at most."""
        if self._is_open:
            for _ in self._threads:
                self._waiting.put(None)
            for thread in self._threads:
                thread.join(max(0.0, until - time.monotonic()))

    def _serve_on(self) -> None:
        while (first := self._waiting.get()) is not None:
            self._serve(first)

    def _serve(self, first: Asked) -> None:
        taken = self._take(first)
        for asked, outcome in zip(taken, self._outcomes(taken), strict=True):
            asked.tell(outcome)

    def _outcomes(self, taken: Sequence[Asked]) -> Sequence[Any]:
        """Of all together; when one of them breaks, of each by itself, unless the store is away from all of them."""
        try:
            return self._run(taken) if taken else ()
        except StoreUnavailable as error:
            return [Broke(error)] * len(taken)
        except Exception as error:
            return [Broke(error)] if len(taken) == 1 else [outcome for each in taken for outcome in self._outcomes([each])]

    def _take(self, first: Asked) -> list[Asked]:
        """Those in front, as far as somebody still waits for them."""
        taken = [first]
        while len(taken) < self._together:
            try:
                following = self._waiting.get_nowait()
            except Empty:
                break
            if following is None:  # the end, of this thread or of another
                self._waiting.put(None)
                break
            taken.append(following)
        return [asked for asked in taken if not asked.answer.done()]
