"""Search filters: their syntax and the images they find."""

import random
from contextlib import suppress
from datetime import date, timedelta
from itertools import pairwise

import pytest

from labeller.core.errors import LabellerError
from labeller.project.curation import merge_classes
from labeller.store.filters import FILTERS, SPLITS, STATES, term
from labeller.store.review import ALL, ORDERS, Question


@pytest.fixture
def mixed(project):
    """Images 1 to 8, all in the folder `red`: two labelled by Ann, one put aside by Ben, one by a
    model, the others unlabelled; plus a note and suggestions."""
    run = project.runs.start({}, "resnet-small", "cpu", 0, 0)
    project.suggestions.replace(run, [(1, 1, 0.95), (5, 3, 0.3), (6, 2, 0.8)])
    project.labels.assign({1: 2, 2: 1}, "Ann")
    project.labels.skip([3], "Ben", reason="unsure")
    project.labels.let_model_label([(4, 1, 0.7)], "Ann")
    project.notes.set(5, "Größe prüfen", "Ann")
    project.settings.set("truth_in_paths", False)
    return project


def find_ids(project, text: str, **more) -> list[int]:
    question = Question(**({"state": ALL, "order": "imported"} | more), text=text)
    ids = project.review.find(question).tolist()
    assert project.review.count(question) == len(ids)
    return ids


def names(project) -> list[str]:
    return [c.name for c in project.classes.all()]


def test_each_filter_finds_its_images(mixed):
    pool = find_ids(mixed, "")
    assert len(pool) == mixed.images.pool_size()
    first, second, third = names(mixed)
    today = date.today()
    for text, expected in {
        f"class:{first}": {2, 4},
        f"class:{first},{second}": {1, 2, 4},
        f"class:{first.upper()}": {2, 4},
        f"suggested:{third}": {5},
        "by:Ann": {1, 2},
        "by:Ann,Ben": {1, 2, 3},
        "source:person": {1, 2, 3},
        "source:model": {4},
        "is:labelled": {1, 2},
        "is:unsure": {3},
        "is:noted": {5},
        "is:mistake": {1},
        "is:model": {4},
        "note:GRÖSSE": {5},
        "note:größe": {5},
        'note:"größe PRÜ"': {5},
        "confidence>0.9": {1},
        "confidence<=0.7": {4, 5},
        f"date:{today}": {1, 2, 3},
        f"date>={today}": {1, 2, 3},
        f"date>{today}": set(),
        f"date<{today + timedelta(days=1)}": {1, 2, 3},
        f"date<{today}": set(),
        "is:disputed": set(),
        "is:copy": set(),
    }.items():
        assert set(find_ids(mixed, text)) == expected, text
        assert set(find_ids(mixed, f"-{text}")) == set(pool) - expected, text
    assert set(find_ids(mixed, "source:none")) == set(pool) - {1, 2, 4}
    assert find_ids(mixed, "is:unlabelled") == find_ids(mixed, "", state="unlabelled")


def test_terms_combine(mixed):
    first, second, _ = names(mixed)
    assert find_ids(mixed, f"by:Ann class:{second}") == [1]
    assert find_ids(mixed, f"by:Ann -class:{second}") == [2]
    assert find_ids(mixed, f"is:labelled class:{first} by:Ben") == []
    assert find_ids(mixed, "", class_id=1) == [2, 4] and find_ids(mixed, "", annotator="Ben") == [3]
    assert find_ids(mixed, "by:Ann", class_id=1) == [2]


def test_parts_of_names_and_sizes_are_found(mixed):
    image = mixed.images.get([7])[0]
    name = image.path.rpartition("/")[2]
    assert 7 in find_ids(mixed, name) and 7 in find_ids(mixed, name.upper())
    assert find_ids(mixed, "100%") == [] == find_ids(mixed, "_")
    assert len(find_ids(mixed, f"width>={image.width} height<9999 size<1MB")) == len(
        find_ids(mixed, "")
    )
    assert find_ids(mixed, "size>1GB") == []


def test_orders_sort_the_whole_list(mixed):
    pool = find_ids(mixed, "")
    by_name = find_ids(mixed, "", order="name")
    assert sorted(by_name) == pool
    paths = [image.path for image in mixed.images.get(by_name)]
    assert paths == sorted(paths)
    assert find_ids(mixed, "", order="sure")[:3] == [1, 6, 4]
    assert find_ids(mixed, "", order="unsure")[:3] == [5, 4, 6]
    assert find_ids(mixed, "", order="newest")[:3] == [3, 2, 1]
    areas = [i.width * i.height for i in mixed.images.get(find_ids(mixed, "", order="largest"))]
    assert areas == sorted(areas, reverse=True)


def test_find_returns_a_page_of_a_long_list(mixed):
    question = Question(ALL, order="imported")
    pool = mixed.review.find(question).tolist()
    assert mixed.review.find(question, 3, 2).tolist() == pool[2:5]
    assert mixed.review.find(question, 3, len(pool)).tolist() == []


def test_copies_and_held_out_images_are_found_only_on_request(mixed):
    mixed._db.execute("UPDATE image SET duplicate_of = 6 WHERE id = 7")
    assert 7 not in find_ids(mixed, "") and find_ids(mixed, "is:copy") == [7]
    test = find_ids(mixed, "split:test")
    assert test and set(test) == mixed.images.held_out(test)
    assert not set(test) & set(find_ids(mixed, ""))
    assert set(find_ids(mixed, "split:pool,test")) == set(test) | set(find_ids(mixed, ""))


def test_disputed_images_are_found(mixed):
    mixed.labels.assign({8: 1}, "Ann")
    mixed.labels.assign({8: 2}, "Ben")
    assert find_ids(mixed, "is:disputed") == [8] == find_ids(mixed, "is:disputed by:Ben")


def test_filters_and_orders_do_not_reveal_hidden_labels(mixed):
    shown = find_ids(mixed, "", order="imported")
    assert find_ids(mixed, "folder:red") and find_ids(mixed, "red") == []
    mixed.settings.set("truth_in_paths", True)
    with pytest.raises(LabellerError, match="hidden"):
        find_ids(mixed, "folder:red")
    assert sorted(find_ids(mixed, "")) == shown != find_ids(mixed, ""), (
        "import order would reveal which images share a folder"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("colour:red", "no filter 'colour'.*name, folder, class"),
        ("class:zebra", "no 'zebra'"),
        ("is:great", "no 'great'.*labelled"),
        ("confidence<high", "'high' is not a number"),
        ("width>3MB", "not a number"),
        ("date:yesterday", "not a day such as"),
        ("date>9999-12-31", "not a day such as"),
        ("class<red", "takes a colon"),
        (",", "a value is missing"),
        ("is:,", "a value is missing"),
        ("class:", "a value is missing"),
        ("-width>", "a value is missing"),
        ('note:""', "a value is missing"),
        ('class:"red', "quotation mark is missing"),
        ('red"', "quotation mark is missing"),
        ("a " * 41, "at most 40 filters"),
        ("name:" + "a," * 201, "at most 40 filters of 200 values"),
        ("a" * 20_001, "at most 20000 characters"),
        ("caf\udce9", "not text"),
    ],
)
def test_invalid_filters_are_reported(mixed, text, message):
    with pytest.raises(LabellerError, match=message):
        mixed.review.count(Question(ALL, text=text))


@pytest.mark.parametrize(
    "name", ["hot dog, large", 'a"b', 'say "hi"', '"', "x:y", "100%", "-5", "a<b", "ö, ä"]
)
def test_values_are_quoted_so_that_they_parse_back(mixed, name):
    mixed.classes.add([name])
    wanted = next(c for c in mixed.classes.all() if c.name == name)
    mixed.labels.assign({8: wanted.id}, name)
    assert find_ids(mixed, term("class", name)) == [8] == find_ids(mixed, term("by", name))
    assert 8 not in find_ids(mixed, "-" + term("class", name))
    assert term("class", "cat") == "class:cat"


def test_quoted_parts_belong_to_one_value_and_only_commas_separate(mixed):
    mixed.labels.assign({8: 1}, "Ann-Marie B")
    assert find_ids(mixed, 'by:"Ann-Marie "B') == [8] == find_ids(mixed, 'by:Ann-Marie" B"')
    assert find_ids(mixed, 'by:"Ben",Ann-Marie" B"') == [3, 8]


def test_labels_without_an_annotator_are_found(mixed):
    mixed.labels.assign({8: 1}, "")
    assert find_ids(mixed, term("by", "")) == [8]


def test_numbers_may_be_negative_or_large(mixed):
    assert len(find_ids(mixed, "width>-1")) == len(find_ids(mixed, "")) and not find_ids(
        mixed, "width>1e9"
    )


def test_a_class_is_found_by_the_names_of_classes_merged_into_it(mixed):
    first, second, third = (c for c in mixed.classes.all())
    merge_classes(mixed, first.id, second.id, "Ann")
    merge_classes(mixed, second.id, third.id, "Ann")
    for each in (first, second, third):
        assert set(find_ids(mixed, f"class:{each.name} is:labelled")) == {1, 2}


def test_names_are_compared_in_composed_form(mixed):
    mixed._db.execute("UPDATE image SET path = 'x/cafe\u0301 STRASSE.jpg' WHERE id = 7")
    for text in ("café", "cafe\u0301", "CAFÉ", '"é straße"'):
        assert find_ids(mixed, text) == [7], text


@pytest.mark.parametrize("order", ORDERS)
def test_no_order_reveals_which_images_share_a_hidden_label(mixed, order):
    mixed.settings.set("truth_in_paths", True)
    shown = find_ids(mixed, "is:unlabelled", order=order)
    folders = [image.path.split("/")[0] for image in mixed.images.get(shown)]
    changes = sum(a != b for a, b in pairwise(folders))
    assert not shown or changes > len(set(folders)) + 2


def test_random_filters_are_evaluated_or_refused(mixed, share):
    rng = random.Random(0)
    parts = [
        *FILTERS, *STATES, *SPLITS, *(c.name for c in mixed.classes.all()),
        *':=<>-,"\'%_\\;()*?. \t\n', "<=", ">=", "2026-11-30", "0.5", "1e9", "é", "名", "\0", "--",
    ]  # fmt: skip
    for _ in range(share(5000)):
        text = "".join(rng.choices(parts, k=rng.randint(1, 9)))
        with suppress(LabellerError):
            question = Question(ALL, order=rng.choice(ORDERS), text=text)
            assert mixed.review.count(question) == len(mixed.review.find(question)), text


def test_counts_are_never_stale(mixed):
    question = Question(ALL, text="is:labelled")
    assert mixed.review.count(question) == 2
    with suppress(KeyError), mixed.transaction():
        mixed.labels.assign({5: 1}, "Ann")
        assert mixed.review.count(question) == 3
        raise KeyError  # rolls back
    assert mixed.review.count(question) == 2
    mixed.labels.assign({5: 1}, "Ann")
    assert mixed.review.count(question) == 3
    mixed.labels.undo("Ann")
    assert mixed.review.count(question) == 2
