"""Using the model elsewhere: exported files and graphs, and predictions for other images."""

import csv
import json

import numpy as np
import pytest
import torch
from click.testing import CliRunner
from PIL import Image

from labeller.cli.main import program
from labeller.core.errors import Cancelled, LabellerError
from labeller.core.run import Run
from labeller.learning.frozen_features import views
from labeller.loop import rounds
from labeller.loop.external_prediction import predict_images
from labeller.loop.method import Method
from labeller.loop.model_files import MODEL_FORMATS, export_model
from labeller.loop.predicting import model_of
from labeller.pool.decode import decode, square
from labeller.project.exporting import export
from labeller.project.project import Project
from tests.conftest import draw, fill
from tests.frozen_encoder import frozen  # noqa: F401
from tests.loop.test_rounds import FAST


def trained(project: Project, learner: str) -> Project:
    rounds.label_by_oracle(project, rounds.begin(project))
    method = FAST if learner == "mobyv2al" else Method(learner=learner, device="cpu")
    rounds.train_round(project, method)
    return project


@pytest.fixture
def oblong(make, tmp_path):
    """A project with oblong images, of which a frozen encoder reads two views."""
    fill(tmp_path / "wide", 4)
    for file in (tmp_path / "wide" / "red").iterdir():
        Image.open(file).resize((80, 40)).save(file)
    return make(tmp_path / "wide", "p", truth="folders", batch_size=9)


@pytest.mark.usefixtures("frozen")
@pytest.mark.parametrize("learner", ["frozen", "mobyv2al"])
def test_onnx_and_torch_exports_predict_like_the_model(oblong, learner, tmp_path):
    import onnxruntime

    project = trained(oblong, learner)
    run = project.runs.newest_usable()
    model = model_of(project, run, "cpu")
    ids = list(range(1, project.images.count() + 1))
    wanted = model.probabilities(torch.tensor(ids) - 1, Run(0)).numpy()
    for name in ("onnx", "torch-export"):
        (tmp_path / name).mkdir()
        export_model(project, name, tmp_path / name / f"model{MODEL_FORMATS[name][1]}")
    session = onnxruntime.InferenceSession(tmp_path / "onnx" / "model.onnx")
    program_ = torch.export.load(tmp_path / "torch-export" / "model.pt2").module()
    assert [each.name for each in session.get_outputs()] == ["probabilities"]
    side = session.get_inputs()[0].shape[2]
    for image, expected in zip(project.images.get(ids), wanted, strict=True):
        picture = decode(image.file.read_bytes()).picture
        if learner == "mobyv2al":
            seen = [square(picture, side)]
        else:
            seen = views(picture, side)
            assert len(seen) == (2 if picture.width > picture.height else 1)
        pixels = np.stack(seen)[None]
        for probabilities in (
            session.run(None, {"pixels": pixels})[0][0],
            program_(torch.from_numpy(pixels)).detach().numpy()[0],
        ):
            assert probabilities == pytest.approx(expected, abs=2e-3)


def test_description_and_card_are_written_beside_the_model(project, tmp_path):
    trained(project, "mobyv2al")
    output = tmp_path / "m.safetensors"
    export_model(project, "model", output)
    described = json.loads((tmp_path / "m.json").read_text(encoding="utf-8"))
    assert described["classes"] == ["blue", "green", "red"] and described["side"] == 16
    assert "central" in described["preprocessing"] or "centre" in described["preprocessing"]
    card = (tmp_path / "m.md").read_text(encoding="utf-8")
    assert "9 labelled images" in card and "licence" in card and "| blue |" in card
    with pytest.raises(LabellerError, match="already exists"):
        export_model(project, "onnx", tmp_path / "m.onnx")
    assert not (tmp_path / "m.onnx").exists(), "nothing is written if a card already exists"


@pytest.mark.usefixtures("frozen")
@pytest.mark.parametrize("learner", ["frozen", "mobyv2al"])
def test_other_images_are_predicted(oblong, learner, tmp_path):
    project = trained(oblong, learner)
    other = fill(tmp_path / "other", 7, start=50)
    (other / "red" / "torn.png").write_bytes(b"no image")
    done = predict_images(project, other, tmp_path / "out.csv")
    assert (done.written, done.unreadable) == (21, 1)
    with (tmp_path / "out.csv").open(newline="") as file:
        rows = {row["path"]: row for row in csv.DictReader(file)}
    assert len(rows) == 22 and rows["red/torn.png"]["label"] == ""
    if learner == "frozen":
        right = [row["label"] == path.split("/")[0] for path, row in rows.items()]
        assert sum(right) >= 19, "colours are easy to separate"
    assert all(0.3 < float(r["confidence"]) <= 1 for r in rows.values() if r["label"])
    with pytest.raises(Cancelled):
        predict_images(project, other, tmp_path / "no.csv", run=Run(should_stop=lambda: True))
    assert not (tmp_path / "no.csv").exists()
    # The same image gets the same prediction inside and outside the project.
    run = project.runs.newest_usable()
    image = project.images.get([1])[0]
    model = model_of(project, run, "cpu")
    inside = model.probabilities(torch.tensor([0]), Run(0)).max().item()
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "a.png").write_bytes(image.file.read_bytes())
    predict_images(project, tmp_path / "one", tmp_path / "one.csv")
    last = (tmp_path / "one.csv").read_text().splitlines()[1]
    assert float(last.split(",")[2]) == pytest.approx(inside, abs=2e-3)


def test_predict_export_and_formats_commands(project, tmp_path):
    trained(project, "mobyv2al")
    folder = project.folder
    project.close()
    draw("red", 99).save(tmp_path / "x.png")
    (tmp_path / "few").mkdir()
    (tmp_path / "x.png").rename(tmp_path / "few" / "x.png")
    run = CliRunner().invoke
    output = ["--output", str(tmp_path / "p.csv")]
    done = run(program, ["predict", str(folder), "--images", str(tmp_path / "few"), *output])
    assert done.exit_code == 0 and "1 images written" in done.stdout, done.output
    written = ["--output", str(tmp_path / "m.onnx")]
    done = run(program, ["export", str(folder), "--format", "onnx", *written])
    assert done.exit_code == 0 and (tmp_path / "m.onnx").stat().st_size > 1000
    done = run(program, ["formats", "--json"])
    known = json.loads(done.stdout)
    assert known["parquet"]["reads"] and known["onnx"]["writes"] and not known["cifar"]["reads"]


def test_a_data_set_card_lists_counts_and_classes(project, tmp_path):
    rounds.label_by_oracle(project, rounds.begin(project))
    export(project, "huggingface", tmp_path / "set")
    card = (tmp_path / "set" / "README.md").read_text(encoding="utf-8")
    assert "9 labelled images of 3 classes" in card and "'2': \"red\"" in card
    assert "licence" in card
