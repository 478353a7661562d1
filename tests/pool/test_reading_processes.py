"""Many images are read by processes: they find the same, and their end is nobody's loss."""

import logging
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

import numpy as np
import psutil
import pytest
from PIL import Image

from labeller.pool import ingest
from labeller.pool.cache import TensorCache, ThumbnailCache
from labeller.pool.ingest import Task

COUNT = 600


@pytest.fixture
def many(tmp_path, monkeypatch):
    """Tasks for a few pictures again and again, two of them bad; processes start at once."""
    monkeypatch.setattr(ingest, "MOMENT", 0.0)
    monkeypatch.setattr(ingest, "WORTH", 0.0)
    monkeypatch.setattr(ingest, "LARGEST_BLOCK", 8)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    paths = []
    for number in range(30):
        paths.append(tmp_path / f"{number}.jpg")
        noise = np.random.default_rng(number).integers(0, 255, (60, 80, 3), dtype=np.uint8)
        Image.fromarray(noise).resize((1600, 1200)).save(paths[-1])
    paths[7].write_bytes(b"broken")
    paths[8].unlink()
    return [Task(n + 1, n, paths[n % 30]) for n in range(COUNT)]


def caches(place):
    place.mkdir()
    return TensorCache(place / "t.npy").create(COUNT, 16), ThumbnailCache(place / "thumbs")


def readers() -> list[psutil.Process]:
    found = []
    for each in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):  # of another test, and just ended
            if "popen_loky" in " ".join(each.cmdline()):
                found.append(each)
    return found


def watched(found):
    """What was found, and how many processes were seen while it was."""
    seen, most = [], 0
    for each in found:
        seen.append(each)
        if len(seen) % 50 == 0:
            most = max(most, len(readers()))
    return seen, most


def test_processes_find_what_a_thread_finds(many, tmp_path, monkeypatch):
    tensors, thumbnails = caches(tmp_path / "apart")
    found, processes = watched(ingest.ingest(many, tensors, thumbnails))
    assert processes == 4
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    alone, small = caches(tmp_path / "alone")
    assert list(ingest.ingest(many, alone, small)) == found
    assert [each.image_id for each in found] == list(range(1, COUNT + 1))
    assert found[8].gone and found[7].reason is not None
    assert np.array_equal(tensors[:], alone[:]) and tensors[0].any()
    rows = np.arange(COUNT)
    assert np.array_equal(tensors.made_of(rows), alone.made_of(rows))
    assert len(list(thumbnails.folder.rglob("*.jpg"))) == 28


def test_stopping_ends_at_once(many, tmp_path):
    found = ingest.ingest(many * 4, *caches(tmp_path / "apart"))
    for _ in found:
        if len(readers()) == 4:
            break
    began = time.monotonic()
    found.close()
    assert time.monotonic() - began < 0.5


@pytest.mark.parametrize("cores", [1, 2])
def test_few_images_need_no_process(many, tmp_path, monkeypatch, cores):
    monkeypatch.setattr(ingest, "MOMENT", 60.0)
    monkeypatch.setattr("os.cpu_count", lambda: cores)
    monkeypatch.delattr(ingest.Processes, "read")
    assert len(list(ingest.ingest(many[:100], *caches(tmp_path / "apart")))) == 100


def test_a_process_that_is_killed_loses_no_image(many, tmp_path, caplog):
    tasks, killed, found = many * 3, False, []
    with caplog.at_level(logging.WARNING):
        for each in ingest.ingest(tasks, *caches(tmp_path / "apart")):
            found.append(each.image_id)
            if not killed and len(found) > 200 and (running := readers()):
                for process in running:
                    process.kill()
                killed = True
    assert killed and found == [task.image_id for task in tasks]
    assert "a process that reads images failed" in caplog.text


PARENT = """
import sys, time
from pathlib import Path
from labeller.pool import ingest
from labeller.pool.cache import TensorCache, ThumbnailCache
ingest.MOMENT = ingest.WORTH = 0.0
place, count = Path(sys.argv[1]), 100_000
tasks = [ingest.Task(n + 1, n, place / f"{n % 30}.jpg") for n in range(count)]
rows = TensorCache(place / "t.npy").create(count, 16)
for done, _ in enumerate(ingest.ingest(tasks, rows, ThumbnailCache(place / "thumbs"))):
    if done == 2000:
        print("reading", flush=True)
"""


@pytest.fixture
def parent(many, tmp_path):
    """A process of its own that reads for minutes, with processes beside it."""
    running = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    assert running.stdout is not None and running.stdout.readline() == "reading\n"
    children = psutil.Process(running.pid).children(recursive=True)
    yield running, [each for each in children if "popen_loky" in " ".join(each.cmdline())]
    with suppress(ProcessLookupError):
        os.killpg(running.pid, signal.SIGKILL)
    running.wait()


@pytest.mark.slow
def test_processes_end_with_their_parent_even_if_nobody_waits_for_it(parent):
    running, children = parent
    assert len(children) >= 2
    running.kill()  # and not waited for: it stays a zombie
    _, alive = psutil.wait_procs(children, timeout=10)
    assert not alive


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has no process groups")
def test_ctrl_c_in_a_terminal_is_for_the_parent_alone(parent):
    _, children = parent
    for child in children:
        child.send_signal(signal.SIGINT)
    time.sleep(0.5)
    assert all(child.is_running() and child.status() != "zombie" for child in children)
