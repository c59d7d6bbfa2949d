"""Reading ahead in a thread, for speed: decompression goes on while files are being written.

Both release the interpreter's lock for nearly all of their time, so two cores share the work. On
one core nothing is lost.
"""

import threading
from collections.abc import Iterator
from queue import SimpleQueue
from types import TracebackType

DEPTH = 4
"""Blocks that may wait to be written. More would only take memory: 512 KiB each."""


class ReadAhead:
    """An iterator over ``blocks`` that a thread keeps up to ``DEPTH`` blocks ahead.

    To be used in a ``with`` statement, at the end of which the thread has ended. Whatever
    ``blocks`` raises is raised here, in its place.
    """

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._ready: SimpleQueue[bytes | BaseException | None] = SimpleQueue()
        self._room = threading.Semaphore(DEPTH)
        self._abandoned = False
        self._thread = threading.Thread(target=self._read, name="read-ahead", daemon=True)

    def __enter__(self) -> Iterator[bytes]:
        try:
            self._thread.start()
        except RuntimeError:
            # A limit on processes may allow only one thread. It is slower, but it works.
            return self._blocks
        return self._arriving()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._abandoned = True
        self._room.release()
        if self._thread.ident is not None:
            self._thread.join()

    def _read(self) -> None:
        try:
            for block in self._blocks:
                self._room.acquire()
                if self._abandoned:
                    return
                self._ready.put(block)
            self._ready.put(None)
        except BaseException as error:
            self._ready.put(error)

    def _arriving(self) -> Iterator[bytes]:
        while (item := self._ready.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            self._room.release()
            yield item
