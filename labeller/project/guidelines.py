"""Guidelines: what everybody who labels a project should know. A text in Markdown with pictures,
then a section for each class: its description, examples, and counterexamples.

The text is in the log, so that copies merge it. Its pictures are files in the project's folder
`guidelines`, whose names include a digest of their content: two people's pictures never collide.
"""

import hashlib
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from labeller_models.registry import mark

from labeller.core.errors import LabellerError
from labeller.core.files import (
    is_folder,
    is_regular,
    make_folder,
    read_regular,
    read_text,
    replacing,
    require_output,
)
from labeller.exchange.placing import appearing
from labeller.pool.decode import UnreadableImage, decode
from labeller.project.project import Project
from labeller.store.classes import keys_of
from labeller.store.images import StoredImage

FOLDER, TEXT, EXAMPLES = "guidelines", "guidelines.md", "examples"
LARGEST_PICTURE = 32 << 20
"""Maximum size of a picture's file in bytes."""
LONGEST_STEM = 60
SHOWN = 8
"""Number of examples shown for a class, and of counterexamples."""
_PICTURE = re.compile(
    r"!\[((?:\\.|[^\]\\\n]){0,300})\]"
    r"\((?:<([^<>\n]{1,500})>|([^()<>\s]{1,500}))(?:\s+\"[^\"\n]{0,300}\")?\)"
)
"""`![title](file "more")`, with limited lengths, so that hostile texts do not take long."""
_FENCE = re.compile(r"^ {0,3}(```|~~~)", re.MULTILINE)
_OWN_NAME = re.compile(rf"[\w-]{{1,{LONGEST_STEM}}}-[0-9a-f]{{8}}\.[a-z]{{3,4}}")
_SUFFIX = re.compile(r"\.[a-z]{3,4}")
_ELSEWHERE = re.compile(r"[a-z]+:", re.IGNORECASE)
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~&])")


@dataclass
class Page:
    """`text` is Markdown; `examples` are the pool's images that it shows, by their names in it."""

    text: str = ""
    examples: dict[str, StoredImage] = field(default_factory=dict)


def has_guidelines(project: Project) -> bool:
    """Whether somebody has written guidelines, described a class or chosen examples."""
    described = any(each.description for each in project.classes.all())
    examples = project.classes.examples() or project.classes.examples(wrong=True)
    return bool(project.guidelines.get().strip() or described or examples)


def page(project: Project, tr: Callable[[str], str] = str) -> Page:
    """The guidelines and a section for each class; `tr` translates the program's own words."""
    text = project.guidelines.get().strip()
    parts = [text + "\n```" if len(_FENCE.findall(text)) % 2 else text] if text else []
    shown = Examples(project)
    classes = project.classes.all()
    for image_class, key in zip(classes, keys_of(classes), strict=True):
        parts.append(f"## {plain(image_class.name)}")
        if key:
            parts.append(tr(mark("Key {key}.")).format(key=f"**{key.title()}**"))
        if image_class.description:
            parts.append(plain(image_class.description))
        for title, wrong in ((mark("Like this:"), False), (mark("Not this:"), True)):
            if pictures := shown.row(image_class.id, wrong):
                parts += [f"**{tr(title)}**", pictures]
    return Page("\n\n".join(parts) + "\n", shown.images)


class Examples:
    """The examples of a project as pictures; `images` are those shown so far, by name."""

    def __init__(self, project: Project) -> None:
        forgotten = set(project.images.forgotten())
        self._of = {
            wrong: {
                class_id: [i for i in ids if i not in forgotten][:SHOWN]
                for class_id, ids in project.classes.examples(wrong).items()
            }
            for wrong in (False, True)
        }
        ids = sorted({i for each in self._of.values() for own in each.values() for i in own})
        self._images = {image.id: image for image in project.images.get(ids)}
        self._labels = project.labels.current(ids)
        self._names = {each.id: plain(each.name) for each in project.classes.all(archived=True)}
        self.images: dict[str, StoredImage] = {}

    def row(self, class_id: int, wrong: bool) -> str:
        """A row of pictures, each followed by the class that it is labelled as, if another one."""
        shown = []
        for image_id in self._of[wrong].get(class_id, []):
            image, label = self._images[image_id], self._labels.get(image_id)
            place = f"{EXAMPLES}/{image.sha256[:16]}.jpg"
            self.images[place] = image
            carried = class_id if label is None or label.class_id is None else label.class_id
            name = self._names[carried]
            shown.append(f"![{title_of(name)}]({place})" + f" {name}" * (carried != class_id))
        return " \u2002".join(shown)


def plain(text: str) -> str:
    """A text on one line, with Markdown's special characters escaped."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def title_of(text: str) -> str:
    """A text as the title of a picture: words only. Qt repeats a picture for each part of its title
    that begins with an escaped character, and does not show pictures without a title."""
    return " ".join(re.findall(r"\w+", text)) or "…"


def with_simple_titles(text: str) -> str:
    """A text whose pictures have titles that Qt can handle."""
    return _PICTURE.sub(lambda m: f"![{title_of(m[1])}]({m[2] or m[3]})", text)


def add_picture(project: Project, file: Path) -> str:
    """Copy a picture into the project; return the name by which the text refers to it.

    Raises:
        LabellerError: it is not a picture, is too large, or cannot be copied.
    """
    try:
        data = read_regular(file, LARGEST_PICTURE)
        suffix = file.suffix.lower() if _SUFFIX.fullmatch(file.suffix.lower()) else ".png"
        stem = re.sub(r"[^\w-]+", "-", file.stem).strip("-")[:LONGEST_STEM] or "picture"
        name = f"{stem}-{hashlib.sha256(data).hexdigest()[:8]}{suffix}"
        _keep(project, name, data)
    except (OSError, ValueError, UnreadableImage) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        raise LabellerError(
            "{file} cannot be used as a picture ({reason}).", file=file, reason=reason or error
        ) from error
    return name


def _keep(project: Project, name: str, data: bytes) -> None:
    """Raises OSError or UnreadableImage."""
    decode(data, reading=project.reading)
    folder = make_folder(project.folder / FOLDER, project.folder)
    with replacing(folder / name) as temporary:
        temporary.write_bytes(data)


def picture(project: Project, name: str) -> bytes | None:
    """The content of a picture's file; None if the project has no such file."""
    folder = project.folder / FOLDER
    if _OWN_NAME.fullmatch(name) and is_folder(folder) and is_regular(folder / name):
        with suppress(OSError):
            return read_regular(folder / name, LARGEST_PICTURE)
    return None


def pictures_in(text: str) -> list[str]:
    """Names of the pictures that a text shows."""
    return [whole or short for _, whole, short in _PICTURE.findall(text)]


def take_pictures(project: Project, copy: Project) -> None:
    """Copy pictures that the text shows, but this project lacks, from a copy of the project."""
    for name in pictures_in(project.guidelines.get()):
        if picture(project, name) is None and (data := picture(copy, name)) is not None:
            with suppress(OSError, UnreadableImage):
                _keep(project, name, data)


def read(project: Project, file: Path) -> str:
    """The text of a Markdown file, whose pictures are copied into the project.

    Raises:
        LabellerError: the file or one of its pictures cannot be read.
    """

    def own(match: re.Match[str]) -> str:
        title, name = match[1], match[2] or match[3]
        if _ELSEWHERE.match(name) or picture(project, name) is not None:
            return match[0]
        return f"![{title}]({add_picture(project, file.parent / unquote(name))})"

    return _PICTURE.sub(own, read_text(file))


def write(project: Project, output: Path) -> None:
    """Write the page as `guidelines.md` with its pictures into a new folder.

    Raises:
        LabellerError: `output` exists, lies inside a project, or cannot be written.
    """
    require_output(output)
    found = page(project)
    try:
        with appearing(output) as folder:
            (folder / TEXT).write_text(found.text, encoding="utf-8", errors="replace")
            for name in pictures_in(found.text):
                if (data := picture(project, name)) is not None:
                    (folder / name).write_bytes(data)
            (folder / EXAMPLES).mkdir()
            for name, image in found.examples.items():
                with suppress(UnreadableImage, FileNotFoundError):
                    small = project.thumbnails.load(image.sha256, image.file)
                    small.save(folder / name, "JPEG", quality=90)
    except OSError as error:
        raise LabellerError(
            "{output} cannot be written ({reason}).", output=output, reason=error.strerror or error
        ) from error
