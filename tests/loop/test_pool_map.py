"""The map layout: principal components, then t-SNE in steps; the result is stored."""

import io
import threading
from dataclasses import replace

import numpy as np
import pytest

from labeller.core.errors import LabellerError
from labeller.core.run import Run
from labeller.loop import pool_map
from labeller.loop.method import Method
from labeller.loop.pool_map import FILE, begin_map, refined
from labeller.loop.predicting import frozen_features
from labeller.loop.training_data import rows_of
from tests.frozen_encoder import frozen  # noqa: F401

pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def read_project(project):
    """A project whose images have all been read."""
    frozen_features(project, Method()).read(rows_of(project.images.candidates()), Run())
    return project


def agreement(found, colours) -> float:
    """How often an image's nearest neighbour on the map has the same colour."""
    apart = np.linalg.norm(found.places[:, None] - found.places[None], axis=2)
    np.fill_diagonal(apart, np.inf)
    return float((colours[apart.argmin(axis=1)] == colours).mean())


def test_the_layout_starts_from_principal_components_and_settles(read_project):
    begun = begin_map(read_project)
    assert begun.image_ids.tolist() == sorted(read_project.images.candidates().tolist())
    assert not begun.settled and not begun.known.any()
    assert np.allclose(begun.places, begun.points[:, :2])
    assert abs(begun.places.mean(axis=0)).max() < 1e-3
    layouts = list(refined(begun))
    assert [each.settled for each in layouts[-2:]] == [False, True] and len(layouts) == 30
    truth = read_project.oracle.reveal(begun.image_ids.tolist())
    colours = np.array([truth[i] for i in begun.image_ids.tolist()])
    assert agreement(layouts[-1], colours) == 1.0
    again = begin_map(read_project)
    assert again.settled and np.array_equal(again.places, layouts[-1].places)
    assert list(refined(again)) == []


def test_images_keep_their_places_when_others_are_added(read_project):
    begun = begin_map(read_project)
    ids = begun.image_ids
    some = replace(
        begun, image_ids=ids[:30], points=begun.points[:30], places=begun.places[:30],
        known=begun.known[:30], state="of other images",
    )  # fmt: skip
    *_, last = refined(some)
    again = begin_map(read_project)
    assert not again.settled and again.known.tolist() == [True] * 30 + [False] * (len(ids) - 30)
    assert np.array_equal(again.places[:30], last.places)
    for place in again.places[30:]:
        assert (last.places == place).all(axis=1).any(), "placed at the most similar image"
    layouts = list(refined(again))
    assert len(layouts) == 20, "no early exaggeration for an existing layout"


def test_a_stopped_layout_is_not_stored(read_project):
    stop = threading.Event()
    seen = 0
    for _ in refined(begin_map(read_project), Run(should_stop=stop.is_set)):
        seen += 1
        stop.set()
    assert seen == 1 and not begin_map(read_project).known.any()


def saved_map(**arrays: object) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


IDS = np.arange(1, 37)
PLACES = np.zeros((36, 2), np.float32)
DAMAGED = {
    "empty": b"", "cut off": b"PK\3\4 cut off", "no archive": b"\x93NUMPY\1\0",
    "text": b"((((", "without places": saved_map(image_ids=IDS, state="x"),
    "one number": saved_map(image_ids=np.int64(3), places=PLACES, state="x"),
    "a table of ids": saved_map(image_ids=IDS.reshape(6, 6), places=PLACES, state="x"),
    "too few": saved_map(image_ids=IDS, places=PLACES[:5], state="x"),
    "nan": saved_map(image_ids=IDS, places=PLACES * np.nan, state="x"),
    "far": saved_map(image_ids=IDS, places=PLACES + np.float32(1e20), state="x"),
    "objects": saved_map(image_ids=np.array([None] * 36), places=PLACES, state="x"),
    "changed": saved_map(image_ids=IDS, places=PLACES, state="x").replace(
        b"\x93NUMPY", b"\x93NUMPX"
    ),
}  # fmt: skip


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_file_is_ignored(read_project, content):
    read_project.tensor_cache.path.with_name(FILE).write_bytes(content)
    begun = begin_map(read_project)
    assert not begun.known.any()
    *_, last = refined(begun)
    assert last.settled and begin_map(read_project).settled


def test_large_pools_are_sampled_but_keep_labelled_images(read_project, monkeypatch):
    monkeypatch.setattr(pool_map, "MOST", 10)
    ids = read_project.images.candidates().tolist()
    read_project.labels.assign(dict.fromkeys(ids[-3:], 1), "anna")
    found = begin_map(read_project).image_ids.tolist()
    assert len(found) == 10 and set(ids[-3:]) <= set(found)


def test_too_few_images_are_refused(project):
    with pytest.raises(LabellerError, match="Too few images"):
        begin_map(project)


def test_few_or_identical_images_are_not_refined(read_project):
    begun = begin_map(read_project)
    few = pool_map.FEWEST_TO_REFINE - 1
    small = replace(
        begun, image_ids=begun.image_ids[:few], points=begun.points[:few],
        places=begun.places[:few], known=begun.known[:few],
    )  # fmt: skip
    assert list(refined(small)) == []
    assert list(refined(replace(begun, points=np.ones_like(begun.points)))) == []


def test_nan_features_give_finite_places(read_project, monkeypatch):
    rows, read = pool_map.readable(
        read_project, rows_of(read_project.images.candidates()), Run(), pretrained=False
    )
    monkeypatch.setattr(pool_map, "readable", lambda *_, **__: (rows, lambda r: read(r) * np.nan))
    assert np.isfinite(begin_map(read_project).places).all()
