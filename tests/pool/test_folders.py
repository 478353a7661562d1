"""Walking folders with links, system folders, exports and projects."""

import os
import signal
import subprocess
import sys
import time

import pytest

from labeller.core.errors import Cancelled
from labeller.core.run import Run
from labeller.pool import folders
from labeller.pool.folders import walk
from labeller.pool.sources import list_images
from tests.pool.test_sources import paths, touch


def test_cyclic_links_give_every_file_once(tmp_path):
    root = touch(tmp_path / "set", "cat/1.jpg", "cat/2.jpg", "dog/3.jpg")
    (root / "cat" / "up").symlink_to(root)
    (root / "dog" / "up").symlink_to(root, target_is_directory=True)
    (root / "a-link").symlink_to(root / "dog")
    found = walk(root)
    assert sorted(found.files) == ["cat/1.jpg", "cat/2.jpg", "dog/3.jpg"]
    assert sorted(found.seen_already) == ["a-link", "cat/up", "dog/up"]
    listing = list_images(root)
    assert len(listing.images) == 3 and "Links to folders already included" in str(listing.notes[0])


def test_links_to_other_folders_are_followed_once(tmp_path):
    touch(tmp_path / "elsewhere", "1.jpg")
    root = touch(tmp_path / "set", "dog/2.jpg")
    (root / "cat").symlink_to(tmp_path / "elsewhere")
    (root / "kitten").symlink_to(tmp_path / "elsewhere")
    (root / "gone").symlink_to(tmp_path / "nowhere")
    found = walk(root)
    assert sorted(f for f in found.files if "." in f) == ["cat/1.jpg", "dog/2.jpg"]
    assert found.seen_already == ["kitten"]


@pytest.mark.parametrize(
    "name",
    [
        "@eaDir",
        "$RECYCLE.BIN",
        "System Volume Information",
        "#recycle",
        "lost+found",
        ".thumbnails",
    ],
)
def test_system_folders_are_ignored(tmp_path, name):
    root = touch(tmp_path / "set", "cat/1.jpg", f"{name}/2.jpg", f"cat/{name}/3.jpg")
    assert paths(list_images(root)) == ["cat/1.jpg"]


def test_exports_and_projects_are_ignored(tmp_path):
    root = touch(
        tmp_path / "set", "cat/1.jpg", "out/.labeller-export", "out/cat/1.jpg",
        "my labels/project.sqlite", "my labels/images/2.jpg",
    )  # fmt: skip
    listing = list_images(root)
    assert paths(listing) == ["cat/1.jpg"]
    assert any("my labels, out" in str(note) for note in listing.notes)
    assert paths(list_images(root / "out")) == ["cat/1.jpg"], "unless asked for explicitly"


def test_walking_reports_progress_and_can_be_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(folders, "EVERY", 0.0)
    root = touch(tmp_path / "set", *(f"cat/{number}.jpg" for number in range(20)))
    seen = []
    walk(root, Run(report=seen.append))
    assert seen[-1].done == 20 and seen[0].stage == "Looking for images"
    with pytest.raises(Cancelled):
        walk(root, run=Run(should_stop=lambda: True))


@pytest.mark.slow
def test_ctrl_c_stops_walking_a_large_folder(tmp_path):
    root = tmp_path / "large"
    for folder in range(60):
        (root / f"{folder}").mkdir(parents=True)
        for number in range(100):
            (root / f"{folder}" / f"{number}.jpg").touch()
    code = (
        "import time\n"
        "from labeller.pool import folders\n"
        "real = folders._entries\n"
        "def slow(folder):\n"
        "    for each in real(folder):\n"
        "        time.sleep(0.005)\n"
        "        yield each\n"
        "folders._entries = slow\n"
        "import sys\n"
        "from labeller.cli import main\n"
        f"sys.argv = ['labeller', 'create', {str(tmp_path / 'p')!r}, '--images', {str(root)!r}]\n"
        "sys.argv += ['--classes', 'a,b']\n"
        "main()\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], stderr=subprocess.PIPE, text=True, env=os.environ
    )
    assert process.stderr is not None
    for line in process.stderr:
        if "Looking for images" in line:
            break
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    said = process.stderr.read()
    process.wait(timeout=20)
    assert time.monotonic() - began < 3 and process.returncode == 1
    assert "Looking for images was stopped" in said and not (tmp_path / "p").exists()
