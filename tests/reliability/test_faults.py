"""The faults of docs/reliability.md, a few times each, or a tenth of that in `make test`; `make
reliability` tries them more often."""

import pytest

from tests.reliability import fuzzing, soak, surroundings
from tests.reliability.__main__ import FAULTS

FEW = {
    "while_labelling": 10, "while_training": 2, "while_writing_a_checkpoint": 3,
    "while_reading_features": 3,
    "while_importing": 4, "while_exporting": 3, "while_migrating": 5, "while_restoring": 4,
    "while_growing": 3, "while_locating": 3, "while_merging": 3,
    "disk_full_while_labelling": 3, "disk_full_elsewhere": 1, "memory_short_while_training": 2,
    "read_only": 1, "read_only_use": 1, "disk_full_for_commands": 4,
    "locked": 1, "two_programs": 2, "of_the_database": 12,
    "of_the_open_database": 2, "of_derived_files": 6, "of_the_images": 1,
    "of_the_clock": 2, "of_the_write_ahead_log": 4, "of_the_journal": 20,
    "of_a_journal_line_and_the_database": 2,
    "of_the_full_disk": 1, "of_two_branches": 1, "of_hostile_lines": 15,
    "of_notes_classes_and_settings": 2, "of_full_disk_while_restoring": 2,
    "of_power": 15, "of_links": 15,
    "of_temporary_names": 1, "of_paths": 10, "of_other_kinds_of_file": 28, "of_statements": 4,
    "of_stored_requests": 1, "of_foreign_backups": 2, "of_a_failed_import": 2,
    "of_images_that_move": 2, "of_outputs": 19, "of_retention": 2, "of_merging": 3,
    "of_folder_names": 4, "of_file_names": 1, "of_closed_streams": 5, "of_no_home": 3,
    "of_moving": 1, "of_many_undos": 1, "of_large_pictures": 1, "of_names_in_outputs": 7,
    "of_odd_results": 5, "of_encoders": 7, "of_scattered_lines": 10, "of_crafted_copies": 41,
    "of_three_people": 25, "of_clocks_and_merges": 4, "of_undo": 4, "of_audits": 5,
    "of_killed_splits": 2, "of_two_names": 3,
    "of_files_while_reading": 3, "of_feature_files": 27,
    "of_the_image_cache": 10, "of_files_cut_while_open": 2, "of_replaced_images": 2,
    "of_replaced_weights": 1, "of_kinds_of_file": 1, "of_hostile_values": 37,
    "of_contradictions": 1, "of_odd_archives": 1, "of_large_inputs": 1,
    "of_classes_that_change": 8,
}  # fmt: skip


SLOW = {
    "while_training", "memory_short_while_training", "disk_full_elsewhere", "of_hostile_values",
    "of_large_pictures", "of_large_inputs", "of_the_images", "of_the_full_disk",
    "while_writing_a_checkpoint", "of_power",
}  # fmt: skip
"""Each takes two to seven seconds for one try."""


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(fault, marks=[pytest.mark.slow] * (fault.__name__ in SLOW))
        for fault, _ in FAULTS
    ],
    ids=lambda f: f.__name__,
)
def test_faults_lose_no_data(fault, tmp_path, share, monkeypatch):
    times = share(FEW[fault.__name__])
    monkeypatch.setattr(
        surroundings, "UNDOS", share(surroundings.UNDOS)
    )  # one try includes all of them
    outcome = fault(tmp_path, times, 1)
    assert outcome.tried >= times
    assert not outcome.lost


MOST_CASES = {"of_settings": 250, "of_formats": 500}
"""Fewer cases because each opens a project or data set; `make reliability` tries all."""


@pytest.mark.parametrize(
    ("fuzz", "cases"), fuzzing.FUZZES, ids=lambda f: getattr(f, "__name__", "")
)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_fuzzed_input_causes_no_harm(fuzz, cases, tmp_path, share):
    cases = share(min(cases, MOST_CASES.get(fuzz.__name__, cases)))
    outcome = fuzz(tmp_path, cases, 1)
    assert not outcome.lost
    assert outcome.tried > 0.8 * cases, "hypothesis found fewer cases than were asked for"


@pytest.mark.slow
def test_long_sessions_do_not_leak_memory(tmp_path, qapp):
    assert not soak.of_rounds(tmp_path, 2, 1, keys=400).lost
