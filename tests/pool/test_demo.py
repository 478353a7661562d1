import numpy as np
import pytest

from labeller.core.errors import Cancelled
from labeller.core.run import Run
from labeller.pool.demo import CLASSES, POOL_IMAGES, SIDE, TEST_IMAGES, draw, generate


def test_the_demo_set_has_the_documented_size():
    assert (len(CLASSES), POOL_IMAGES, TEST_IMAGES) == (10, 2000, 500)


def test_pictures_are_reproducible_and_distinct():
    for name in CLASSES:
        first, again, other = (np.asarray(draw(name, seed)) for seed in (7, 7, 8))
        assert first.shape == (SIDE, SIDE, 3)
        assert (first == again).all()
        assert np.abs(first.astype(int) - other).mean() > 10


def test_mean_colour_alone_does_not_separate_the_classes():
    """Nearest class mean on mean colours stays near chance (10 %)."""
    means = np.array(
        [[np.asarray(draw(n, s)).mean(axis=(0, 1)) for s in range(30)] for n in CLASSES]
    )
    centres = means[:, :20].mean(axis=1)
    tested = means[:, 20:]
    nearest = np.linalg.norm(tested[:, :, None] - centres, axis=-1).argmin(axis=-1)
    assert (nearest == np.arange(10)[:, None]).mean() < 0.35


def test_generation_can_be_stopped_and_resumed(tmp_path):
    with pytest.raises(Cancelled):
        enough = lambda: len(list(tmp_path.rglob("*.jpg"))) >= 7  # noqa: E731
        generate(tmp_path, 20, 10, Run(should_stop=enough))
    assert len(list(tmp_path.rglob("*.jpg"))) == 7
    first = next(tmp_path.rglob("*.jpg")).stat().st_mtime_ns
    generate(tmp_path, 20, 10)
    assert len(list((tmp_path / "train").rglob("*.jpg"))) == 20
    assert len(list((tmp_path / "test").rglob("*.jpg"))) == 10
    assert min(p.stat().st_mtime_ns for p in tmp_path.rglob("*.jpg")) <= first
