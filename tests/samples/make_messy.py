"""Write `messy/`: small files like those that users really have.

    python -m tests.samples.make_messy

File names that some systems do not allow are inside archives. No file is larger than 20 kB, and
the same files are written each time.
"""

import io
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image

from tests.conftest import draw

FOLDER = Path(__file__).parent / "messy"
SIZE = (16, 16)
EARLY = (2020, 1, 1, 0, 0, 0)
"""A fixed timestamp, which makes the archives reproducible."""


def png(colour: str, number: int) -> bytes:
    stream = io.BytesIO()
    draw(colour, number, SIZE).save(stream, "PNG")
    return stream.getvalue()


def grey(folder: Path, name: str, most: int, **options: object) -> None:
    """A ramp from 0 to `most` in 16 bits."""
    ramp = np.linspace(0, most, 256).astype(np.uint16).reshape(16, 16)
    Image.fromarray(ramp).save(folder / name, **options)


def write() -> None:
    folders(FOLDER)
    depths(FOLDER / "depths")
    kinds(FOLDER / "kinds")
    tables(FOLDER / "tables")
    archives(FOLDER)


def folders(root: Path) -> None:
    """Splits under unusual names, and folders left by operating systems and storage devices."""
    for start, split in enumerate(("Train", "valid", "TESTING")):
        for colour in ("red", "blue"):
            place = root / "splits" / split / colour
            place.mkdir(parents=True, exist_ok=True)
            (place / f"{colour}.png").write_bytes(png(colour, start))
    for name in ("@eaDir", "$RECYCLE.BIN", "System Volume Information", ".thumbnails"):
        place = root / "system" / name
        place.mkdir(parents=True, exist_ok=True)
        (place / "thumb.png").write_bytes(png("green", 5))
    for colour in ("red", "blue"):
        (root / "system" / colour).mkdir(exist_ok=True)
        (root / "system" / colour / "1.png").write_bytes(png(colour, 6))


def depths(folder: Path) -> None:
    """Grey values of 12 and 10 bits."""
    folder.mkdir(parents=True, exist_ok=True)
    grey(folder, "twelve.tif", 4095)
    grey(folder, "ten.png", 1000)


def kinds(folder: Path) -> None:
    """One image in many formats, one without a suffix, one with several pages, floats with NaN, a
    truncated photo, and a file that is no image."""
    folder.mkdir(parents=True, exist_ok=True)
    floats = np.linspace(-1, 1, 256, dtype=np.float32).reshape(16, 16)
    floats[0, 0] = np.nan
    Image.fromarray(floats).save(folder / "float.tif")
    picture = draw("red", 9, SIZE)
    for suffix in ("bmp", "jp2", "jpg", "ppm", "tga", "webp"):
        picture.save(folder / f"image.{suffix}")
    picture.save(folder / "nosuffix", "PNG")
    pages = [draw(colour, 10, SIZE) for colour in ("red", "green", "blue")]
    pages[0].save(folder / "pages.tif", save_all=True, append_images=pages[1:])
    (folder / "drawing.psd").write_bytes(b"8BPS")
    whole = (folder / "image.jpg").read_bytes()
    (folder / "copying.jpg").write_bytes(whole[: len(whole) // 2])


def tables(folder: Path) -> None:
    """One table as saved by spreadsheets of several countries and systems."""
    (folder / "photos").mkdir(parents=True, exist_ok=True)
    for colour in ("red", "blue"):
        (folder / "photos" / f"{colour}.png").write_bytes(png(colour, 20))
    rows = [("photos/red.png", "Äpfel"), ("photos/blue.png", "Birnen")]
    for name, separator, encoding, start, header, slash in (
        ("german.csv", ";", "cp1252", "", "Path;Label", "\\"),
        ("french.csv", ";", "utf-8-sig", "sep=;\r\n", " path ; label ", "/"),
        ("tabs.csv", "\t", "utf-16", "", "PATH\tLABEL", "/"),
        ("windows.csv", ",", "utf-8", "", "path,label", "\\"),
        ("capitals.csv", ",", "utf-8", "", "path,label", "/"),
    ):
        lines = [header, *(f"{path}{separator}{label}" for path, label in rows)]
        text = start + "\r\n".join(lines) + "\r\n"
        if slash == "\\":
            text = text.replace("/", "\\")
        if name == "capitals.csv":
            text = text.replace("photos/red.png", "./Photos/RED.PNG")
        if name == "windows.csv":
            text = text.replace("photos\\red", "photos\\.\\red")
        (folder / name).write_bytes(text.encode(encoding))


def archives(folder: Path) -> None:
    """Archives with Windows, Chinese and Japanese names, and one whose entry leads outside."""
    windows = folder / "windows.zip"
    with zipfile.ZipFile(windows, "w") as packed:
        for number, colour in enumerate(("red", "blue")):
            packed.writestr(zipfile.ZipInfo(f"{colour}/{number}.png", EARLY), png(colour, number))
    windows.write_bytes(
        windows.read_bytes().replace(b"red/", b"red\\").replace(b"blue/", b"blue\\")
    )
    for name, encoding, classes in (
        ("chinese.zip", "gbk", ("猫", "狗", "鸟儿", "汽车", "飞机")),
        ("japanese.zip", "cp932", ("ねこ", "いぬ", "とり", "くるま", "ひこうき")),
    ):
        stand_ins = {}  # of equal length: `zipfile` writes only UTF-8 names
        with zipfile.ZipFile(folder / name, "w") as packed:
            for number, written in enumerate(classes):
                path = f"{written}/1.png".encode(encoding)
                stand_in = f"{number}" + "x" * (len(path) - 1)
                stand_ins[stand_in.encode()] = path
                packed.writestr(zipfile.ZipInfo(stand_in, EARLY), png("red", 30 + number))
        content = (folder / name).read_bytes()
        for stand_in, path in stand_ins.items():
            content = content.replace(stand_in, path)
        (folder / name).write_bytes(content)
    with zipfile.ZipFile(folder / "escape.zip", "w") as packed:
        packed.writestr(zipfile.ZipInfo("../outside.png", EARLY), png("red", 1))


if __name__ == "__main__":
    write()
