"""Child processes without import time: one preloaded process is forked for each.

`python -m tests.reliability.nursery SOCKET` imports what the programs of children.py need and
waits. A client sends the child's three standard streams, its environment and its arguments, and
receives its process id and finally its exit code. Children are ordinary processes with their own
memory, files and limits; pass an environment to `child` for one that needs a fresh interpreter (for
example because another library must be loaded first).
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
    """The parts of `subprocess.Popen` used here, for a forked child."""

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
        """Read the remaining output until the child ends; after `timeout` seconds it is killed.

        Raises:
            subprocess.TimeoutExpired: the child was killed.
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
    """Socket of the preloaded process, which is started on first use."""
    if not _warm:
        folder = tempfile.TemporaryDirectory()
        address = f"{folder.name}/socket"
        process = subprocess.Popen(
            [sys.executable, "-u", "-m", "tests.reliability.nursery", address],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT,
        )  # fmt: skip
        assert process.stdin is not None and process.stdout is not None
        if process.stdout.readline() != b"ready\n":
            raise RuntimeError("the preloaded process does not start")

        def end() -> None:
            process.kill()
            process.communicate()
            folder.cleanup()

        atexit.register(end)
        _warm.append(address)
    return _warm[0]


def serve(address: str) -> None:
    """Fork children on request until the parent process ends."""
    from importlib import import_module

    import torch

    for name in PRELOADED:
        import_module(name)
    torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)  # triggers large imports
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(address)
    listening.listen()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # of the processes that wait for one child each
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
            _fork_child(link)
        link.close()


def _fork_child(link: socket.socket) -> None:
    """Fork one child, report its id and exit code, and end with it."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    head, streams, *_ = socket.recv_fds(link, 4, 3)
    length, order = int.from_bytes(head, "big"), b""
    while len(order) < length and (more := link.recv(LONGEST)):
        order += more
    environment, arguments = json.loads(order)
    pid = os.fork()
    if pid == 0:
        link.close()
        _run_child(streams, environment, arguments)
    for stream in streams:
        os.close(stream)
    link.sendall(f"{pid}\n".encode())
    _, status = os.waitpid(pid, 0)
    try:
        link.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())
    finally:
        os._exit(0)


def _run_child(streams: list[int], environment: dict[str, str], arguments: list[str]) -> None:
    """Run the child's program and exit like a separate interpreter."""
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
