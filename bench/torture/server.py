"""The server that misbehaves: one behaviour a path, a thread a connection."""

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

from bench.torture.behaviours import PORT, RESET, Behaviour, whole

_NOT_FOUND = whole(b"nothing here", status=b"404 Not Found")


@contextlib.contextmanager
def misbehaving(behaviours: dict[str, Behaviour]) -> Iterator[int]:
    """Serve each behaviour at the path of its name, also as a proxy would; yield the port."""
    closing = threading.Event()
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listening:
        argument = (listening, behaviours, closing)
        threading.Thread(target=_accept, args=argument, daemon=True).start()
        yield listening.getsockname()[1]
        closing.set()
        with contextlib.suppress(OSError):  # ends the waiting accept
            listening.shutdown(socket.SHUT_RDWR)


def _accept(
    listening: socket.socket, behaviours: dict[str, Behaviour], closing: threading.Event
) -> None:
    while not closing.is_set():
        try:
            connection, _ = listening.accept()
        except OSError:
            return
        threading.Thread(
            target=_answer, args=(connection, behaviours, closing), daemon=True
        ).start()


def _answer(
    connection: socket.socket, behaviours: dict[str, Behaviour], closing: threading.Event
) -> None:
    with connection, contextlib.suppress(OSError):
        connection.settimeout(60)
        behaviour = behaviours.get(_asked(connection))
        if behaviour is None:
            connection.sendall(_NOT_FOUND)
            return
        port = b"%d" % connection.getsockname()[1]
        for step in behaviour.steps():
            if isinstance(step, float):
                if closing.wait(step):
                    return
            elif step is RESET:
                linger = struct.pack("ii", 1, 0)
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                return
            else:
                connection.sendall(step.replace(PORT, port))
        connection.shutdown(socket.SHUT_WR)


def _asked(connection: socket.socket) -> str:
    """Read a request; return the name that it asks for."""
    head = b""
    while b"\r\n\r\n" not in head and (piece := connection.recv(65536)):
        head += piece
    target = [*head.split(b" ", 2), b"", b""][1].decode("latin-1")
    return urlsplit(target).path.strip("/")
