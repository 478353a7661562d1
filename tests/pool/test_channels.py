"""TIFFs with any number of channels: which are shown, in which colours and ranges."""

import io

import numpy as np
import pytest
import tifffile
from click.testing import CliRunner

from labeller.cli.main import program
from labeller.pool.channels import Channel, parsed
from labeller.pool.decode import Reading, UnreadableImage, decode
from labeller.project.project import Project
from tests.pool.test_deep_colour import tiff


def five_channels(dtype=np.uint8, most: int = 255) -> np.ndarray:
    """Five channels, each bright in its own column of eight: [8, 8, 5]."""
    values = np.zeros((8, 8, 5), dtype)
    for channel in range(5):
        values[:, channel, channel] = most
    return values


def colours(data: bytes, channels: str, **changes) -> list[tuple[int, ...]]:
    """The colour of each of the five columns."""
    picture = decode(data, reading=Reading(channels=channels, **changes)).picture
    return [picture.getpixel((column, 3)) for column in range(5)]


BLACK = (0, 0, 0)


@pytest.mark.parametrize("planar", [False, True])
@pytest.mark.parametrize(("dtype", "most"), [(np.uint8, 255), (np.uint16, 4095)])
def test_three_channels_are_shown_as_red_green_and_blue(planar, dtype, most):
    data = tiff(five_channels(dtype, most), planar=planar)
    assert colours(data, "5,3,1") == [(0, 0, 255), BLACK, (0, 255, 0), BLACK, (255, 0, 0)]


def test_each_channel_can_have_its_own_colour_and_range():
    found = colours(
        tiff(five_channels(np.uint16, 1000)), "1=red:0:2000,2=cyan:500:1500,4=#804020:0:1000"
    )
    assert found == [(128, 0, 0), (0, 128, 128), BLACK, (128, 64, 32), BLACK]
    overlapping = np.full((8, 8, 2), 255, np.uint8)
    assert colours(tiff(overlapping), "1=red,2=yellow")[0] == (255, 255, 0)


def test_channels_in_pages_and_stacks_of_microscopes():
    values = np.moveaxis(five_channels(np.uint16, 4095), 2, 0)
    stack = np.stack([values, np.zeros_like(values)])  # [z, channel, y, x]
    for array, axes in ((values, "CYX"), (stack, "ZCYX")):
        written = io.BytesIO()
        tifffile.imwrite(written, array, ome=True, metadata={"axes": axes})
        assert colours(written.getvalue(), "2,1") == [
            (0, 255, 0), (255, 0, 0), BLACK, BLACK, BLACK
        ]  # fmt: skip


def test_float_channels_are_shown_in_their_own_range():
    values = np.zeros((8, 8, 2), np.float32)
    values[0, 0], values[1, 0], values[2, 0] = (50, 0.25), (-50, 1.0), np.nan
    written = io.BytesIO()
    tifffile.imwrite(written, np.moveaxis(values, 2, 0), metadata={"axes": "CYX"}, ome=True)
    picture = decode(written.getvalue(), reading=Reading(channels="1,2")).picture
    assert [picture.getpixel((0, y)) for y in range(3)] == [(255, 64, 0), (0, 255, 0), BLACK]


def test_other_files_are_not_affected(images):
    data = next((images / "red").iterdir()).read_bytes()
    plain, asked = (decode(data, reading=r).picture for r in (Reading(), Reading(channels="3,2,1")))
    assert plain.tobytes() == asked.tobytes()


def test_a_missing_channel_is_reported():
    with pytest.raises(UnreadableImage, match="of 2 channels, so there is no channel 3"):
        decode(tiff(np.zeros((8, 8, 2), np.uint8)), reading=Reading(channels="3"))
    with pytest.raises(UnreadableImage, match="more than 1 million pixels"):
        large = np.zeros((1200, 1200, 2), np.uint8)
        decode(tiff(large), reading=Reading(channels="1", megapixels=1))


@pytest.mark.parametrize(
    "text",
    ["0", "1,", "red", "1=nocolour", "1:5", "1:9:2", "1:nan:4", "1=red:0:inf", "99999", ",,"],
)
def test_invalid_channels_are_refused(text, images, tmp_path):
    with pytest.raises(ValueError):
        parsed(text)
    command = ["create", str(tmp_path / "p"), "--images", str(images), "--channels", text]
    result = CliRunner().invoke(program, command)
    assert result.exit_code == 1 and "is not a channel" in result.output
    assert not (tmp_path / "p").exists()


def test_channel_settings_are_parsed():
    assert parsed("") == () and parsed(" 2 ") == (Channel(1, (255, 0, 0)),)
    assert parsed("1=white:-5:5.5") == (Channel(0, (255, 255, 255), (-5.0, 5.5)),)


def test_channels_of_a_project_can_be_changed(tmp_path):
    place = tmp_path / "images"
    place.mkdir()
    for number in range(3):
        (place / f"{number}.tif").write_bytes(tiff(five_channels() // (number + 1)))
    folder = str(tmp_path / "p")

    def run(*words: str) -> str:
        result = CliRunner().invoke(program, list(words))
        assert result.exit_code == 0, result.output
        return result.output

    refused = CliRunner().invoke(program, ["create", folder, "--images", str(place)])
    assert "a TIFF of 5 channels; the project's settings can say which are shown" in refused.output
    run("create", folder + "2", "--images", str(place), "--channels", "1")
    folder += "2"
    with Project(tmp_path / "p2", read_only=True) as project:
        first = project.tensors().read(range(3))[0]
        count = project.images.count()
        before = project.image_files().keys(count)[0]
        assert first[0, :, :, 0].max() == 255 and not first[..., 1:].any()
    assert run("read-again", folder, "--channels", "2=blue").endswith("read again: 3\n")
    with Project(tmp_path / "p2", read_only=True) as project:
        assert project.reading.channels == "2=blue"
        second = project.tensors().read(range(3))[0]
        assert second[..., 2].any() and not second[..., :2].any()
        assert project.image_files().keys(project.images.count())[0] != before, (
            "features will be read again"
        )
