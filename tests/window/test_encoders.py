"""Choosing a pretrained encoder in the window: downloads come from a small local hub."""

import threading
from collections.abc import Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic
from typing import ClassVar

import huggingface_hub
import pytest
import timm
from labeller_models import frozen
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog
from safetensors.torch import save, save_file

from labeller.loop.round_settings import round_settings
from labeller.window.dialogs.encoder_dialog import EncoderDialog

SMALL = "timm:test_vit.r160_in1k"
OTHER = "timm:test_convnext.r160_in1k"


class Hub(BaseHTTPRequestHandler):
    """Serves the weights of one network like the Hugging Face hub."""

    data = b""
    asked: ClassVar[list[str]] = []

    def do_HEAD(self) -> None:
        self._answer(b"")

    def do_GET(self) -> None:
        self._answer(self.data)

    def _answer(self, body: bytes) -> None:
        self.asked.append(f"{self.command} {self.path}")
        found = self.path.startswith("/timm/test_vit.r160_in1k/resolve/main/model.safetensors")
        self.send_response(200 if found else 404)
        if found:
            self.send_header("ETag", f'"{sha256(self.data).hexdigest()}"')
            self.send_header("X-Repo-Commit", "1" * 40)
            self.send_header("Content-Length", str(len(self.data)))
        else:
            self.send_header("X-Error-Code", "RepoNotFound")
            body = b""
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def hub(monkeypatch, tmp_path) -> Iterator[type[Hub]]:
    Hub.data = save(timm.create_model("test_vit").state_dict())
    Hub.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    constants = huggingface_hub.constants
    monkeypatch.setattr(constants, "ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setattr(
        constants, "HUGGINGFACE_CO_URL_TEMPLATE",
        f"http://127.0.0.1:{server.server_port}/{{repo_id}}/resolve/{{revision}}/{{filename}}",
    )  # fmt: skip
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    yield Hub
    server.shutdown()


@pytest.fixture
def in_encoder_dialog(person, folder, qtbot, monkeypatch):
    """Open the dialog from the menu, act in it, and wait until it is closed."""
    offered = {frozen.BUNDLED: "bundled", SMALL: "small", OTHER: "other"}
    monkeypatch.setattr("labeller.learning.encoder_offers.SUGGESTED", offered)
    person.open(folder)
    failures: list[BaseException] = []

    def choose(act) -> None:
        done: list[bool] = []

        def begin() -> None:
            dialog = QApplication.activeModalWidget()
            if not isinstance(dialog, EncoderDialog):
                QTimer.singleShot(20, begin)
                return
            try:
                act(dialog)
            except BaseException as error:
                failures.append(error)
            if dialog.isVisible():
                dialog.reject()
            done.append(True)

        QTimer.singleShot(20, begin)
        person.choose("encoder")
        person.wait(lambda: bool(done))
        person.wait_idle()
        if failures:
            raise failures[0]

    return choose


def select(dialog, name: str) -> None:
    dialog.table.selectRow(dialog._names.index(name))


def download_message(dialog, qtbot, name: str) -> str:
    """Press *Download* for an encoder and return the message."""
    select(dialog, name)
    qtbot.mouseClick(dialog.download, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(dialog.message.text()), timeout=20_000)
    return dialog.message.text()


def idle(dialog) -> bool:
    return not dialog._worker.busy


def test_an_encoder_is_downloaded_only_on_request_and_then_used(
    in_encoder_dialog, hub, person, qtbot
):
    def act(dialog) -> None:
        assert dialog.use.isEnabled() and not dialog.download.isEnabled()  # the bundled one
        select(dialog, SMALL)
        assert not dialog.use.isEnabled() and not hub.asked
        qtbot.mouseClick(dialog.download, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: idle(dialog), timeout=20_000)
        assert dialog.message.text() == "It is ready. Use it from the next round on."
        qtbot.mouseClick(dialog.use, Qt.MouseButton.LeftButton)

    in_encoder_dialog(act)
    method = round_settings(person.session.project).method
    assert method.encoder == SMALL and method.strategy == "weighted-coreset"
    asked = len(hub.asked)
    assert frozen.frozen_encoder(SMALL).dim == 64
    assert len(hub.asked) == asked  # from the cache, without the network


def test_a_missing_network_is_reported_within_five_seconds(
    in_encoder_dialog, hub, person, qtbot, monkeypatch
):
    monkeypatch.setattr(
        huggingface_hub.constants, "HUGGINGFACE_CO_URL_TEMPLATE",
        "http://127.0.0.1:9/{repo_id}/{revision}/{filename}",
    )  # fmt: skip

    def act(dialog) -> None:
        began = monotonic()
        said = download_message(dialog, qtbot, SMALL)
        assert monotonic() - began < 5.5
        assert "there is no network" in said
        assert not dialog.use.isEnabled()

    in_encoder_dialog(act)
    assert round_settings(person.session.project).method.encoder != SMALL


def test_an_unresponsive_hub_is_reported(in_encoder_dialog, hub, qtbot, monkeypatch):
    monkeypatch.setattr("labeller_models.hub.PATIENCE_SECONDS", 0.3)
    monkeypatch.setattr(
        huggingface_hub, "get_hf_file_metadata", lambda *_, **__: threading.Event().wait(30)
    )

    def act(dialog) -> None:
        assert "the network does not answer" in download_message(dialog, qtbot, SMALL)

    in_encoder_dialog(act)


def test_an_encoder_missing_from_the_hub_is_reported(in_encoder_dialog, hub, qtbot):
    def act(dialog) -> None:
        assert "the hub refuses it" in download_message(dialog, qtbot, OTHER)

    in_encoder_dialog(act)


def test_weights_can_be_loaded_from_a_file(in_encoder_dialog, person, qtbot, tmp_path, monkeypatch):
    good, bad = tmp_path / "good.safetensors", tmp_path / "bad.safetensors"
    save_file(timm.create_model("test_vit").state_dict(), good)
    bad.write_bytes(b"nothing")
    chosen = iter([bad, good])
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, **__: (str(next(chosen)), ""))

    def act(dialog) -> None:
        select(dialog, SMALL)
        qtbot.mouseClick(dialog.from_file, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: bool(dialog.message.text()), timeout=20_000)
        assert "bad.safetensors is not a safetensors file" in dialog.message.text()
        assert not dialog.use.isEnabled()
        qtbot.mouseClick(dialog.from_file, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(dialog.use.isEnabled, timeout=20_000)
        qtbot.mouseClick(dialog.use, Qt.MouseButton.LeftButton)

    in_encoder_dialog(act)
    assert round_settings(person.session.project).method.encoder == f"{SMALL}@{good}"


def test_speeds_are_measured_on_this_projects_images(in_encoder_dialog, qtbot):
    def act(dialog) -> None:
        select(dialog, SMALL)
        qtbot.mouseClick(dialog.measure, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: len(dialog._speeds) == 3, timeout=60_000)
        shown = [dialog.table.item(row, 4).text() for row in range(3)]
        assert all("/s, all in" in text for text in shown)
        assert dialog.chosen == SMALL

    in_encoder_dialog(act)
