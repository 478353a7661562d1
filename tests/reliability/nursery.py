"""Children without the seconds that their imports take: one warm process, which is forked for each.

`python -m tests.reliability.nursery SOCKET` imports what programs of children.py need, and waits.
Who connects sends the three streams that a child shall have, its environment and its arguments, and
hears its number and, in the end, how it ended. Children are processes like others, with memory,
files and limits of their own; where one needs an interpreter that starts anew (another library is
loaded before it, say), ask for it.
"""

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parents[2]
LONGEST, LONG = 1 << 20, 600
PRELOADED = (
    "labeller.care.recovery", "labeller.cli.main", "labeller.learning.checkpoint",
    "labeller.learning.frozen_features", "labeller.learning.mobyv2al", "labeller.loop.rounds",
    "labeller.project.creation", "labeller.project.exporting", "labeller.project.growing",
    "labeller.project.moving", "labeller.project.teams", "labeller.window.labelling.changes",
    "labeller.window.labelling.session", "tests.frozen_encoder", "tests.reliability.children",
)  # fmt: skip


class Child:
    """As `subprocess.Popen`, in what is used of it."""

    def __init__(self, arguments: list[str]) -> None:
        self._link = socket.socket(socket.AF_UNIX)
        self._link.connect(_address())
        stdin, ours_in = os.pipe()
        ours_out, stdout = os.pipe()
        ours_err, stderr = os.pipe()
        self.stdin: IO[str] = os.fdopen(ours_in, "w")
        self.stdout: IO[str] = os.fdopen(ours_out)
        self.stderr: IO[str] = os.fdopen(ours_err)
        self.returncode: int | None = None
        order = json.dumps([dict(os.environ), arguments]).encode()
        socket.send_fds(self._link, [len(order).to_bytes(4, "big")], [stdin, stdout, stderr])
        self._link.sendall(order)
        for theirs in (stdin, stdout, stderr):
            os.close(theirs)
        self._answers = self._link.makefile()
        self.pid = int(self._answers.readline())

    def send_signal(self, number: int) -> None:
        if self.returncode is None:
            try:
                os.kill(self.pid, number)
            except ProcessLookupError:
                self.wait()

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def wait(self) -> int:
        if self.returncode is None:
            self.returncode = int(self._answers.readline())
            self._answers.close()
            self._link.close()
        return self.returncode

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """What it still says until it ends; after so many seconds it is killed.

        Raises:
            subprocess.TimeoutExpired: it was.
        """
        late = threading.Event()
        end = threading.Timer(timeout or LONG, lambda: (late.set(), self.kill()))
        end.start()
        with self.stdout, self.stderr, ThreadPoolExecutor(1) as other:
            if not self.stdin.closed:
                with suppress(BrokenPipeError):
                    self.stdin.close()
            errors = other.submit(self.stderr.read)
            said = self.stdout.read(), errors.result()
        self.wait()
        end.cancel()
        if late.is_set():
            raise subprocess.TimeoutExpired("a child", timeout or LONG)
        return said


_warm: list[str] = []


def _address() -> str:
    """Of the warm process of this one, which is started when it is first asked for."""
    if not _warm:
        folder = tempfile.TemporaryDirectory()
        address = f"{folder.name}/socket"
        process = subprocess.Popen(
            [sys.executable, "-u", "-m", "tests.reliability.nursery", address],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT,
        )  # fmt: skip
        assert process.stdin is not None and process.stdout is not None
        if process.stdout.readline() != b"ready\n":
            raise RuntimeError("the warm process does not start")

        def end() -> None:
            process.kill()
            process.communicate()
            folder.cleanup()

        atexit.register(end)
        _warm.append(address)
    return _warm[0]


def serve(address: str) -> None:
    """Until its parent ends."""
    from importlib import import_module

    import torch

    for name in PRELOADED:
        import_module(name)
    torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)  # it imports a great deal
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(address)
    listening.listen()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # those who attend to one child each
    print("ready", flush=True)
    parent = os.getppid()
    listening.settimeout(1)
    while os.getppid() == parent:
        try:
            link, _ = listening.accept()
        except TimeoutError:
            continue
        if os.fork() == 0:
            listening.close()
            link.setblocking(True)
            _attend(link)
        link.close()


def _attend(link: socket.socket) -> None:
    """Fork one child and tell of it; this process ends with it."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    head, streams, *_ = socket.recv_fds(link, 4, 3)
    length, order = int.from_bytes(head, "big"), b""
    while len(order) < length and (more := link.recv(LONGEST)):
        order += more
    environment, arguments = json.loads(order)
    pid = os.fork()
    if pid == 0:
        link.close()
        _live(streams, environment, arguments)
    for stream in streams:
        os.close(stream)
    link.sendall(f"{pid}\n".encode())
    _, status = os.waitpid(pid, 0)
    try:
        link.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())
    finally:
        os._exit(0)


def _live(streams: list[int], environment: dict[str, str], arguments: list[str]) -> None:
    """Be the child, with an end like that of an interpreter of its own."""
    from tests.reliability.children import run

    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["children", *arguments]
    code = 0
    try:
        run(*arguments)
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else int(error.code is not None)
    except BaseException:
        traceback.print_exc()
        code = 1
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    serve(sys.argv[1])
