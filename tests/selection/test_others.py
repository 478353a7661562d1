"""Third-party strategies: their choices are validated before they become a batch."""

import pytest
import torch
from labeller_models.registry import Entry

from labeller.core.errors import LabellerError
from labeller.loop import rounds
from labeller.loop.method import Method
from labeller.selection.strategies import STRATEGIES


def strategy(places, scores=None):
    class Others:
        needs_model, companion = False, None

        def choose(self, query):
            return places(query)

        def scores(self, query):
            return None if scores is None else scores(query)

    return Others


def fails(query):
    raise KeyError("gone")


WRONG = {
    "too few": (lambda q: torch.arange(q.count - 1), None, "2 images instead of 3"),
    "too many": (lambda q: torch.arange(q.count + 4), None, "7 images instead of 3"),
    "negative": (lambda q: torch.tensor([-1, 0, 1]), None, "none of the candidates"),
    "beyond": (lambda q: torch.tensor([0, 1, len(q.candidates)]), None, "none of the candidates"),
    "doubled": (lambda q: torch.tensor([4, 1, 4]), None, "several times"),
    "a table": (lambda q: torch.zeros(3, 1, dtype=torch.long), None, "instead of 3"),
    "fractions": (lambda q: torch.tensor([0.0, 1, 2]), None, "whole numbers"),
    "answers": (lambda q: torch.tensor([True, True, False]), None, "whole numbers"),
    "a list": (lambda q: [0, 1, 2], None, "whole numbers"),
    "nothing": (lambda q: None, None, "whole numbers"),
    "an error": (fails, None, "KeyError"),
    "other scores": (lambda q: torch.arange(3), lambda q: torch.zeros(7), "no score for each"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_invalid_choices_are_refused_with_the_strategys_name(project, monkeypatch, kind):
    places, scores, reason = WRONG[kind]
    rounds.label_by_oracle(project, rounds.begin(project, 4))
    others = Entry(strategy(places, scores), package="some-package")
    monkeypatch.setitem(STRATEGIES.entries, "others", others)
    before = project.rounds.count()
    with pytest.raises(LabellerError, match=f"'others' returned an invalid choice.*{reason}"):
        rounds.select(project, 3, Method(strategy="others"))
    assert project.rounds.count() == before


def test_valid_choices_become_a_batch(project, monkeypatch):
    rounds.label_by_oracle(project, rounds.begin(project, 4))
    right = strategy(lambda q: torch.tensor([5, 0, 2], dtype=torch.int32), lambda q: torch.ones(3))
    monkeypatch.setitem(STRATEGIES.entries, "others", Entry(right))
    candidates = project.images.candidates()
    chosen = rounds.select(project, 3, Method(strategy="others"))
    assert list(chosen.image_ids) == candidates[[5, 0, 2]].tolist()
