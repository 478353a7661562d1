"""The batch on screen: its images in display order, with their labels, suggestions and notes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from labeller.project.project import Project
from labeller.store.agreement import Disputed
from labeller.store.classes import ImageClass
from labeller.store.images import StoredImage
from labeller.store.labels import Label
from labeller.store.predictions import Suggestion
from labeller.store.review import Question
from labeller.store.rounds import Reason, Round


@dataclass(frozen=True)
class Likeness:
    """A labelled image and its class when the batch was opened."""

    image: StoredImage
    class_id: int


@dataclass
class Batch:
    """A round's images, or others under a `title`.

    Attributes:
        grouped: ordered by suggested class, most confident first, instead of in the round's order.
        blind_for: the person who labels independently and sees only their own answers.
        opinions: each image's labels by the people who disagree, while somebody decides.
        question: the filters of a review.
        foreseen: what the model predicted before the images were labelled, in a review.
        compared: `foreseen` comes from cross-validation instead.
        checked: images whose label was reviewed.
        reasons: why a round's images were chosen.
        likened: by image id, the labelled images that are most similar to the model.
        asked: the images that were to be shown, forgotten ones too.
        held_out: images that measure the model; they are only looked at.
        start: of a long list, the place of the first image that is shown.
        found: the length of that list.
    """

    round: Round | None = None
    title: str = ""
    images: list[StoredImage] = field(default_factory=list)
    labels: dict[int, Label] = field(default_factory=dict)
    suggestions: dict[int, Suggestion] = field(default_factory=dict)
    notes: dict[int, str] = field(default_factory=dict)
    grouped: bool = False
    blind_for: str | None = None
    opinions: Disputed = field(default_factory=dict)
    question: Question | None = None
    foreseen: dict[int, int] = field(default_factory=dict)
    compared: bool = False
    checked: set[int] = field(default_factory=set)
    reasons: dict[int, Reason] = field(default_factory=dict)
    likened: dict[int, Likeness] = field(default_factory=dict)
    asked: list[int] = field(default_factory=list)
    held_out: set[int] = field(default_factory=set)
    start: int = 0
    found: int = 0
    _places: dict[int, int] = field(default_factory=dict)

    @classmethod
    def of_images(
        cls,
        project: Project,
        ids: Sequence[int],
        title: str,
        round_: Round | None = None,
        blind_for: str | None = None,
        question: Question | None = None,
        said: Mapping[int, int] | None = None,
    ) -> "Batch":
        """Images to look through, in the order given; `said` holds the classes predicted by a model
        that was not trained on their labels, where that was just computed."""
        forgotten = set(project.images.forgotten())
        images = project.images.get([image_id for image_id in ids if image_id not in forgotten])
        batch = cls(round_, title, images, blind_for=blind_for, question=question)
        batch.asked = list(ids)
        if said is not None:
            batch.foreseen, batch.compared = dict(said), True
        if question is not None:
            batch.held_out = project.images.held_out(ids)
        batch._number()
        batch.read_labels(project)
        batch.read_remarks(project)
        return batch

    def read_labels(self, project: Project) -> None:
        """Read the images' labels again."""
        ids = [image.id for image in self.images]
        if self.blind_for is None:
            self.labels = project.labels.current(ids)
        else:
            self.labels = project.agreement.labels_by(self.blind_for, ids)
        if self.question is not None:
            self.checked = project.review.checked(ids)

    def read_remarks(self, project: Project) -> None:
        """Read suggestions and notes again; none for somebody who labels blind."""
        if self.blind_for is None:
            ids = [image.id for image in self.images]
            self.notes = project.notes.of(ids)
            if self.round is None or not self.round.is_audit:  # an audit is labelled blind
                self.suggestions = project.suggestions.of(ids)
            if self.question is not None and not self.compared:
                self.foreseen = project.prior_predictions.of(ids)

    @classmethod
    def read(cls, project: Project, round_: Round, grouped: bool = False) -> "Batch":
        batch = cls.of_images(project, round_.image_ids, "", round_)
        batch._read_reasons(project, round_)
        if grouped:
            batch.grouped = True
            batch.images = batch._by_class(project.classes.all())
            batch._number()
        return batch

    def place_of(self, image_id: int) -> int | None:
        return self._places.get(image_id)

    def ids(self, places: Sequence[int]) -> list[int]:
        return [self.images[place].id for place in places]

    def label_at(self, place: int) -> Label | None:
        return self.labels.get(self.images[place].id)

    def suggestion_at(self, place: int) -> Suggestion | None:
        """The suggestion for an unlabelled image."""
        image_id = self.images[place].id
        return None if image_id in self.labels else self.suggestions.get(image_id)

    def open_places(self) -> list[int]:
        """Positions of the unlabelled images."""
        return [place for place, i in enumerate(self.images) if i.id not in self.labels]

    def place_in_round(self, place: int) -> int:
        """The position in the round of the image at this place."""
        assert self.round is not None
        return self.round.image_ids.index(self.images[place].id)

    def _read_reasons(self, project: Project, round_: Round) -> None:
        self.reasons = project.rounds.reasons(round_.id)
        ids = list({each.nearest for each in self.reasons.values() if each.nearest is not None})
        labels = project.labels.current(ids)
        self.likened = {
            image.id: Likeness(image, label.class_id)
            for image in project.images.get(ids)
            if (label := labels.get(image.id)) is not None and label.class_id is not None
        }

    def _number(self) -> None:
        self._places = {image.id: place for place, image in enumerate(self.images)}

    def _by_class(self, classes: list[ImageClass]) -> list[StoredImage]:
        order = {image_class.id: place for place, image_class in enumerate(classes)}

        def key(image: StoredImage) -> tuple[int, float]:
            suggestion = self.suggestions.get(image.id)
            if suggestion is None:
                return len(order), 0.0
            return order.get(suggestion.class_id, len(order)), -suggestion.confidence

        return sorted(self.images, key=key)
