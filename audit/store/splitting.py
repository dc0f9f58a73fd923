"""A process that stays and splits off a child for each photo: the decoders are loaded once, not for every photo.

Each process of the server starts its own at its first photo. It ends when the one it works for does.
"""

import atexit
import os
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

POSSIBLE = sys.platform != "win32"
PIECE = 1 << 20
ENDS_WITHIN = 0.2  # seconds from closing its sockets
ORDERS = {"check": b"k", "copies": b"c", "later": b"l"}
_STARTING = threading.Lock()


@dataclass
class _Splitter:
    """The process, who started it, and the socket that hands over photos."""

    owner: int
    program: Path
    process: subprocess.Popen[bytes]
    control: socket.socket


_running: list[_Splitter] = []


def ask(program: Path, what: str, data: bytes, seconds: float) -> bytes:
    """What a child made of the photo; nothing when it broke down. ``what`` is check, copies, or later: copies
    that nobody waits for yet. A splitting process that was killed meanwhile is replaced, and asked again.

    Raises:
        TimeoutError: when it takes longer than that.
    """
    until = time.monotonic() + seconds
    for _ in range(2):
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                splitter = _hand_over(program, theirs)
            answer = _talk(ours, ORDERS[what] + data, until)
        if answer or not _gone(splitter):
            return answer
    return b""


def _talk(ours: socket.socket, order: bytes, until: float) -> bytes:
    pieces: list[bytes] = []
    try:
        ours.settimeout(max(until - time.monotonic(), 0.001))
        ours.sendall(order)
        ours.shutdown(socket.SHUT_WR)
        while True:
            ours.settimeout(max(until - time.monotonic(), 0.001))
            piece = ours.recv(PIECE)
            if not piece:
                return b"".join(pieces)
            pieces.append(piece)
    except ConnectionError:
        return b""


def _hand_over(program: Path, theirs: socket.socket) -> subprocess.Popen[bytes]:
    with _STARTING:
        splitter = _ours(program)
        with suppress(ConnectionError):  # it is gone: the socket closes, which reads as no answer
            socket.send_fds(splitter.control, [b"."], [theirs.fileno()])
        return splitter.process


def _gone(process: subprocess.Popen[bytes]) -> bool:
    """Whether it was the splitting process that broke down, and not the photo's own."""
    try:
        process.wait(ENDS_WITHIN)
    except subprocess.TimeoutExpired:
        return False
    return True


def _ours(program: Path) -> _Splitter:
    for one in _running:
        if one.owner == os.getpid() and one.program == program and one.process.poll() is None:
            return one
    end()
    control, child = socket.socketpair()
    command = [sys.executable, "-I", str(program), "serve", str(child.fileno())]
    with child:
        process = subprocess.Popen(
            command, pass_fds=[child.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
    _running.append(_Splitter(os.getpid(), program, process, control))
    return _running[-1]


@atexit.register
def end() -> None:
    """End the process that splits; the next photo starts one."""
    while _running:
        one = _running.pop()
        one.control.close()
        if one.owner == os.getpid():
            one.process.terminate()
            one.process.wait()
