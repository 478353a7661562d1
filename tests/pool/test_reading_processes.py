"""Many images are read by worker processes, with the same results even if a process dies."""

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


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """A folder of images, two of them unreadable."""
    folder = tmp_path_factory.mktemp("drawn")
    for number in range(30):
        noise = np.random.default_rng(number).integers(0, 255, (60, 80, 3), dtype=np.uint8)
        Image.fromarray(noise).resize((1600, 1200)).save(folder / f"{number}.jpg")
    (folder / "7.jpg").write_bytes(b"broken")
    (folder / "8.jpg").unlink()
    return folder


@pytest.fixture
def many_tasks(drawn, monkeypatch):
    """Tasks that read a few images again and again; processes start immediately."""
    monkeypatch.setattr(ingest, "MOMENT", 0.0)
    monkeypatch.setattr(ingest, "WORTH", 0.0)
    monkeypatch.setattr(ingest, "LARGEST_BLOCK", 8)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    return [Task(n + 1, n, drawn / f"{n % 30}.jpg") for n in range(COUNT)]


def caches(place):
    place.mkdir()
    return TensorCache(place / "t.npy").create(COUNT, 16), ThumbnailCache(place / "thumbs")


def reader_processes() -> list[psutil.Process]:
    found = []
    for each in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):  # a process of another test that just ended
            if "popen_loky" in " ".join(each.cmdline()):
                found.append(each)
    return found


def collect(found):
    """Return all results and the most processes seen meanwhile."""
    seen, most = [], 0
    for each in found:
        seen.append(each)
        if len(seen) % 50 == 0:
            most = max(most, len(reader_processes()))
    return seen, most


def test_processes_give_the_same_results_as_a_thread(many_tasks, tmp_path, monkeypatch):
    tensors, thumbnails = caches(tmp_path / "apart")
    found, processes = collect(ingest.ingest(many_tasks, tensors, thumbnails))
    assert processes == 4
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    alone, small = caches(tmp_path / "alone")
    assert list(ingest.ingest(many_tasks, alone, small)) == found
    assert [each.image_id for each in found] == list(range(1, COUNT + 1))
    assert found[8].gone and found[7].reason is not None
    assert np.array_equal(tensors[:], alone[:]) and tensors[0].any()
    rows = np.arange(COUNT)
    assert np.array_equal(tensors.made_of(rows), alone.made_of(rows))
    assert len(list(thumbnails.folder.rglob("*.jpg"))) == 28


def test_stopping_is_immediate(many_tasks, tmp_path):
    found = ingest.ingest(many_tasks * 4, *caches(tmp_path / "apart"))
    for _ in found:
        if len(reader_processes()) == 4:
            break
    began = time.monotonic()
    found.close()
    assert time.monotonic() - began < 0.5


@pytest.mark.parametrize("cores", [1, 2])
def test_few_images_start_no_process(many_tasks, tmp_path, monkeypatch, cores):
    monkeypatch.setattr(ingest, "MOMENT", 60.0)
    monkeypatch.setattr("os.cpu_count", lambda: cores)
    monkeypatch.delattr(ingest.Processes, "read")
    assert len(list(ingest.ingest(many_tasks[:100], *caches(tmp_path / "apart")))) == 100


def test_no_image_is_lost_if_a_process_is_killed(many_tasks, tmp_path, caplog):
    tasks, killed, found = many_tasks * 2, False, []
    with caplog.at_level(logging.WARNING):
        for each in ingest.ingest(tasks, *caches(tmp_path / "apart")):
            found.append(each.image_id)
            if not killed and len(found) > 200 and (running := reader_processes()):
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
drawn, place, count = Path(sys.argv[1]), Path(sys.argv[2]), 100_000
tasks = [ingest.Task(n + 1, n, drawn / f"{n % 30}.jpg") for n in range(count)]
rows = TensorCache(place / "t.npy").create(count, 16)
for done, _ in enumerate(ingest.ingest(tasks, rows, ThumbnailCache(place / "thumbs"))):
    if done == 2000:
        print("reading", flush=True)
"""


@pytest.fixture
def parent(drawn, tmp_path):
    """A separate process that reads for minutes with worker processes."""
    running = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(drawn), str(tmp_path)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    assert running.stdout is not None and running.stdout.readline() == "reading\n"
    children = psutil.Process(running.pid).children(recursive=True)
    yield running, [each for each in children if "popen_loky" in " ".join(each.cmdline())]
    with suppress(ProcessLookupError):
        os.killpg(running.pid, signal.SIGKILL)
    running.wait()


@pytest.mark.slow
def test_processes_end_with_their_parent_even_if_it_is_a_zombie(parent):
    running, children = parent
    assert len(children) >= 2
    running.kill()  # not waited for, so it stays a zombie
    _, alive = psutil.wait_procs(children, timeout=10)
    assert not alive


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has no process groups")
def test_ctrl_c_in_a_terminal_stops_only_the_parent(parent):
    _, children = parent
    for child in children:
        child.send_signal(signal.SIGINT)
    time.sleep(0.5)
    assert all(child.is_running() and child.status() != "zombie" for child in children)
