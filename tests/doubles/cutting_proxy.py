"""A wire to PostgreSQL that breaks on demand: at COMMIT, before or after the server has heard it, altogether, or by silence."""

import socket
import socketserver
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from select import select
from threading import Event, Thread
from typing import Literal

from sqlalchemy.engine import make_url

Cut = Literal["before", "after"]
"""The connection ends before the server hears the COMMIT, or after it obeyed and before it is told."""
CHUNK = 65536
COMMIT = b"COMMIT"


class CuttingProxy(socketserver.ThreadingTCPServer):
    """Listens on a free TCP port of this machine; `url` reaches the same database through it."""

    daemon_threads = True

    def __init__(self, url: str) -> None:
        super().__init__(("127.0.0.1", 0), Wire)
        self.directly = url
        target = make_url(url)
        self.path = f"{target.query['host']}/.s.PGSQL.{target.port or 5432}"
        through = target.set(host="127.0.0.1", port=self.server_address[1]).difference_update_query(["host"])
        self.url = through.render_as_string(hide_password=False)
        self.away = False
        self.cuts: list[Cut] = []
        """What happens to the next COMMITs."""
        self.open: set[socket.socket] = set()
        self.flows = Event()
        """Cleared, nothing comes over it, though it stays open."""
        self.flows.set()
        self.holds = Event()
        """Set once something waits to come over it."""

    def cut_all(self) -> None:
        """End every connection, as a restart of the server does."""
        for client in list(self.open):
            with suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)


class Wire(socketserver.BaseRequestHandler):
    """One connection."""

    server: CuttingProxy
    request: socket.socket

    def handle(self) -> None:
        if self.server.away:
            return
        self.server.open.add(self.request)
        with socket.socket(socket.AF_UNIX) as database, suppress(OSError):
            database.connect(self.server.path)
            while self._pass_on(database):
                """Until one end closes, or we cut."""
        self.server.open.discard(self.request)

    def _pass_on(self, database: socket.socket) -> bool:
        """Carry what has come to the other end; False when the connection is over."""
        for end in select([self.request, database], [], [])[0]:
            data = end.recv(CHUNK)
            if not data:
                return False
            if not self.server.flows.is_set():
                self.server.holds.set()
                self.server.flows.wait()
            if end is self.request and COMMIT in data and self.server.cuts:
                if self.server.cuts.pop(0) == "after":
                    database.sendall(data)
                    database.recv(CHUNK)
                return False
            (database if end is self.request else self.request).sendall(data)
        return True


@contextmanager
def cutting_proxy(url: str) -> Iterator[CuttingProxy]:
    """A wire to this database for as long as the block runs. The URL names a Unix socket, as that of tests does."""
    with CuttingProxy(url) as proxy:
        thread = Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield proxy
        finally:
            proxy.flows.set()
            proxy.cut_all()
            proxy.shutdown()
            thread.join()
