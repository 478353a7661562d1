"""Image files, caches, features and weights replaced behind the program's back: everything
computed, shown and exported belongs to the pixels that were labelled."""

import os
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import torch
from labeller_models.frozen import FROZEN, FrozenEncoder, fingerprint

from labeller.care.checking import check
from labeller.care.recovery import repair
from labeller.core.errors import LabellerError
from labeller.core.run import Run
from labeller.learning.feature_store import DONE, FEATURES
from labeller.learning.frozen_features import FrozenFeatures
from labeller.loop import rounds
from labeller.loop.predicting import model_of
from labeller.loop.training_data import pool_of
from labeller.pool.rows import marks_of
from labeller.project import creation
from labeller.project.exporting import export
from labeller.project.image_reading import ACCEPT, LEAVE_OUT
from labeller.project.project import Project
from tests.frozen_encoder import add_mean_colours, mean_colours
from tests.reliability.outcome import Outcome, copies, label_some, make_project, state

ENCODER = "mean-colours"


def features_of(project: Project) -> torch.Tensor:
    """Features of all images, by a new reader."""
    pool = pool_of(project, "cpu")
    return FrozenFeatures(ENCODER, pool).raw(torch.arange(len(pool)), Run())


def with_features(folder: Path) -> tuple[Path, torch.Tensor]:
    """A project whose features have been read, and these features."""
    add_mean_colours()
    original = make_project(folder, each=6)
    with Project(original) as project:
        return original, features_of(project)


def swap_files(first: Path, second: Path) -> None:
    """Swap the contents of two files and equalise their sizes and times."""
    one, other = first.read_bytes(), second.read_bytes()
    size = max(len(one), len(other))
    for path, data in ((first, other), (second, one)):
        at = path.stat()
        path.write_bytes(data.ljust(size, b"\0"))
        os.utime(path, ns=(at.st_atime_ns, at.st_mtime_ns))


def of_files_while_reading(folder: Path, times: int, seed: int) -> Outcome:
    """While features are read, image files are swapped, truncated or missing. Once the files are
    back, the features are correct."""
    outcome = Outcome("images swapped, truncated or missing while features are extracted")
    original, right = with_features(folder)
    with Project(original) as project:
        images = project.images.roots()[0]
    shutil.rmtree(original / "cache" / "features")
    rng = random.Random(seed)
    for number, copy in copies(original, folder, times):
        kept = folder / "kept"
        shutil.copytree(images, kept)
        files = sorted(p for p in images.rglob("*.png"))
        if number % 3 == 0:
            for first, second in zip(files[::2], reversed(files[1::2]), strict=True):
                swap_files(first, second)
        elif number % 3 == 1:
            images.rename(folder / "away")
        else:
            for path in rng.sample(files, len(files) // 2):
                path.write_bytes(path.read_bytes()[: rng.randrange(60)])
        with Project(copy) as project:
            assert torch.isfinite(features_of(project)).all()
        shutil.rmtree(folder / "away" if number % 3 == 1 else images)
        kept.rename(images)
        with Project(copy) as project:
            same = torch.equal(features_of(project), right)
            outcome.expect(same, f"try {number}: features of other pixels are kept")
        outcome.tried += 1
    return outcome


Damage = Callable[[Path, random.Random], object]


def _cut(path: Path, rng: random.Random) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _zeros(path: Path, rng: random.Random) -> None:
    data = bytearray(path.read_bytes())
    for _ in range(4):
        at = rng.randrange(128, len(data))
        data[at : at + 512] = bytes(min(512, len(data) - at))
    path.write_bytes(data)


def _permuted(path: Path, rng: random.Random) -> None:
    rows = np.load(path)
    np.save(path, rows[np.random.default_rng(rng.randrange(99)).permutation(len(rows))])


def _other_shape(path: Path, rng: random.Random) -> None:
    rows = np.load(path)
    np.save(path, rows.reshape(len(rows), -1)[:, :-1])


def _other_type(path: Path, rng: random.Random) -> None:
    np.save(path, np.load(path).astype(np.int32))


def _noise(path: Path, rng: random.Random) -> None:
    path.write_bytes(rng.randbytes(path.stat().st_size))


def _flipped(path: Path, rng: random.Random) -> None:
    data = bytearray(path.read_bytes())
    data[rng.randrange(128, len(data))] ^= 1 << rng.randrange(8)
    path.write_bytes(data)


FILE_DAMAGES: tuple[Damage, ...] = (
    lambda path, rng: path.unlink(),
    lambda path, rng: path.write_bytes(b""),
    _cut, _zeros, _permuted, _other_shape, _other_type, _noise, _flipped,
)  # fmt: skip


def of_feature_files(folder: Path, times: int, seed: int) -> Outcome:
    """Features or their checksums are deleted, emptied, truncated, zeroed, permuted, overwritten
    with noise, given another shape or type, or have a bit flipped."""
    outcome = Outcome("features damaged, swapped or deleted, with and without their checksums")
    original, right = with_features(folder)
    rng = random.Random(seed)
    for number, copy in copies(original, folder, times):
        (place,) = (copy / "cache" / "features").iterdir()
        names = ((FEATURES,), (DONE,), (FEATURES, DONE))[number // len(FILE_DAMAGES) % 3]
        for name in names:
            FILE_DAMAGES[number % len(FILE_DAMAGES)](place / name, rng)
        with Project(copy) as project:
            for again in ("at once", "and later"):
                same = torch.equal(features_of(project), right)
                outcome.expect(same, f"try {number} {again}: wrong features")
        outcome.tried += 1
    return outcome


def of_the_image_cache(folder: Path, times: int, seed: int) -> Outcome:
    """The same damage to the image cache that whole networks are trained on: it is rebuilt or
    training reports the problem, and wrong pixels are never used."""
    outcome = Outcome("image cache damaged, its rows swapped, or an image file missing too")
    original = make_project(folder, each=6)
    with Project(original) as project:
        right = np.asarray(project.tensors())
        images = project.images.roots()[0]
    rng = random.Random(seed)
    refused = 0
    for number, copy in copies(original, folder, times):
        damage = FILE_DAMAGES[number % len(FILE_DAMAGES)]
        damage(copy / "cache" / "tensors.npy", rng)
        away = number // len(FILE_DAMAGES) % 2
        if away:
            images.rename(folder / "away")
        with Project(copy) as project:
            outcome.expect(bool(check(project)), f"try {number}: not noticed")
            try:
                pool = pool_of(project, "cpu")
                found = pool.images(torch.arange(len(pool))).mul(255).round().byte()
                same = np.array_equal(found.permute(0, 2, 3, 1).numpy(), right)
                outcome.expect(same, f"try {number}: other pixels")
            except LabellerError as error:
                refused += 1
                outcome.expect("--repair" in str(error), f"try {number}: {error}")
            if away:
                (folder / "away").rename(images)
            repair(project)
            outcome.expect(not check(project), f"try {number}: {check(project)[:1]}")
            outcome.expect(np.array_equal(project.tensors(), right), f"try {number}: not mended")
        outcome.tried += 1
    outcome.note = f"{refused} refused in one sentence, the others made anew"
    return outcome


def of_files_cut_while_open(folder: Path, times: int, seed: int) -> Outcome:
    """Features and image cache are truncated while in use."""
    outcome = Outcome("features and image cache truncated while open")
    original, right = with_features(folder)
    rng = random.Random(seed)
    for number, copy in copies(original, folder, times):
        with Project(copy) as project:
            pool = pool_of(project, "cpu")
            features = FrozenFeatures(ENCODER, pool)
            whole = pool.images(torch.arange(len(pool)))
            kinds = [copy / "cache" / "tensors.npy", *copy.glob("cache/features/*/*.npy")]
            for path in (*kinds, marks_of(kinds[0])):
                os.truncate(path, rng.randrange(path.stat().st_size))
            found = features.raw(torch.arange(len(pool)), Run())
            outcome.expect(torch.equal(found, right), f"try {number}: wrong features")
            again = pool.images(torch.arange(len(pool)))
            outcome.expect(torch.equal(again, whole), f"try {number}: other pixels")
        outcome.tried += 1
    return outcome


def of_replaced_images(folder: Path, times: int, seed: int) -> Outcome:
    """A labelled image is replaced by another one of the same name, size and time. It is reported
    and left out of exports until the user accepts it, which asks for a new label, or the original
    is back."""
    outcome = Outcome("images replaced in place, with the same name, size and time")
    add_mean_colours()
    for number in range(times):
        place = folder / f"try-{number}"
        project_folder = make_project(place, each=5)
        expected = label_some(project_folder)
        rng = random.Random(seed + number)
        with Project(project_folder) as project:
            chosen = rng.sample(sorted(expected), 2)
            files = [image.file for image in project.images.get(chosen)]
            before = [file.read_bytes() for file in files]
            names = {image.path for image in project.images.get(chosen)}
            right = features_of(project)
            swap_files(*files)
            found = "".join(check(project))
            outcome.expect(all(str(f) in found for f in files), f"try {number}: not named")
            outcome.expect(torch.equal(features_of(project), right), f"try {number}: features")
            done = export(project, "imagefolder", place / "out")
            outcome.expect(set(done.changed) == names, f"try {number}: {done.changed}")
            outcome.expect(done.labels == len(expected) - 2, f"try {number}: {done.labels}")
            reading = project.reading
        settled = LEAVE_OUT if number % 2 else ACCEPT
        creation.read_again(project_folder, reading, changed=settled)
        with Project(project_folder) as project:
            outcome.expect(not check(project), f"try {number}: {check(project)[:1]}")
            rest = {i: c for i, c in expected.items() if i not in chosen}
            if settled == ACCEPT:
                outcome.expect(state(project) == rest, f"try {number}: a label of other pixels")
                asked = set(chosen) <= set(project.images.candidates().tolist())
                outcome.expect(asked, f"try {number}: not asked again")
                project.labels.undo("anna")
                outcome.expect(not set(chosen) & set(state(project)), f"try {number}: undone")
            else:
                done = export(project, "csv", place / "labels.csv")
                outcome.expect(done.labels == len(rest), f"try {number}: exported nevertheless")
                for file, data in zip(files, before, strict=True):
                    file.write_bytes(data)
        if settled == LEAVE_OUT:
            creation.read_again(project_folder, reading)
            with Project(project_folder) as project:
                outcome.expect(state(project) == expected, f"try {number}: labels are lost")
                outcome.expect(not check(project), f"try {number}: {check(project)[:1]}")
                outcome.expect(project.images.counts()["ready"] == 15, f"try {number}: not back")
        outcome.tried += 1
        shutil.rmtree(place)
    return outcome


@contextmanager
def other_weights(factor: float) -> Iterator[None]:
    """Replace the test encoder by another one of the same name."""

    def made() -> FrozenEncoder:
        encoder = mean_colours()
        network = torch.nn.Sequential(encoder.network, torch.nn.Linear(12, 12, bias=False))
        network[1].weight.data = factor * torch.eye(12)
        return FrozenEncoder(
            ENCODER, network.eval(), 12, 32, encoder.statistics, fingerprint(network)
        )

    del FROZEN[ENCODER]
    FROZEN.add(ENCODER, made, "Other colours")
    try:
        yield
    finally:
        del FROZEN[ENCODER]
        add_mean_colours()


def of_replaced_weights(folder: Path, times: int, seed: int) -> Outcome:
    """An encoder's weights are replaced after training: the model is refused but kept, and works
    again once the weights are back."""
    outcome = Outcome("encoder weights replaced after training")
    add_mean_colours()
    project_folder = make_project(folder, each=6)
    label_some(project_folder)
    method = rounds.Method(learner="frozen", encoder=ENCODER, device="cpu")
    for number in range(times):
        with Project(project_folder) as project:
            run = rounds.train_round(project, method)
            rows = torch.arange(18)
            before = model_of(project, run, "cpu").probabilities(rows, Run())
            with other_weights(2.0 + number):
                try:
                    model_of(project, run, "cpu")
                    outcome.expect(False, f"try {number}: used with other weights")
                except LabellerError as error:
                    outcome.expect("train again" in str(error), f"try {number}: {error}")
                outcome.expect("weights" in "".join(check(project)), f"try {number}: unsaid")
                repair(project)
            after = model_of(project, run, "cpu").probabilities(rows, Run())
            outcome.expect(torch.equal(before, after), f"try {number}: not as before")
        outcome.tried += 1
    return outcome


REPLACED = (
    (of_files_while_reading, 30),
    (of_feature_files, 108),
    (of_the_image_cache, 54),
    (of_files_cut_while_open, 30),
    (of_replaced_images, 20),
    (of_replaced_weights, 10),
)
