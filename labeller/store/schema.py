"""The tables of a project as a list of migrations from the first schema to the newest.

Released migrations are never edited: a change is a new function at the end.
"""

import json
import secrets
import sqlite3
from collections.abc import Callable
from functools import cache
from threading import Lock

from sqlite_utils import Database, Migrations

from labeller.core.errors import LabellerError
from labeller.store import log

APPLICATION_ID = 0x4C61626C  # "Labl", so that a stray SQLite file is not mistaken for a project
MIGRATIONS = Migrations("labeller")
_PARTS = "SELECT name, sql FROM sqlite_master WHERE type IN ('trigger', 'view')"


@MIGRATIONS()
def m001_first_version(db: Database) -> None:
    db.executescript("""
        CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

        CREATE TABLE class (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            position INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE source (
            id INTEGER PRIMARY KEY,
            split TEXT NOT NULL CHECK (split IN ('pool', 'test')),
            root TEXT NOT NULL -- a folder; relative to the project's own where it was unpacked
        ) STRICT;

        CREATE TABLE image (
            id INTEGER PRIMARY KEY, -- its row in the tensor cache is id - 1
            source_id INTEGER NOT NULL REFERENCES source (id),
            path TEXT NOT NULL,
            state TEXT NOT NULL DEFAULT 'pending'
                CHECK (state IN ('pending', 'ready', 'unreadable')),
            reason TEXT,
            width INTEGER,
            height INTEGER,
            bytes INTEGER,
            sha256 TEXT,
            duplicate_of INTEGER REFERENCES image (id),
            UNIQUE (source_id, path)
        ) STRICT;
        CREATE INDEX image_by_sha256 ON image (sha256);

        -- What the oracle knows of the pool, and the labels of the held-out images.
        CREATE TABLE truth (
            image_id INTEGER PRIMARY KEY REFERENCES image (id),
            class_id INTEGER NOT NULL REFERENCES class (id)
        ) STRICT;

        CREATE TABLE training_run (
            id INTEGER PRIMARY KEY,
            state TEXT NOT NULL CHECK (state IN ('running', 'finished', 'stopped', 'failed')),
            started_at TEXT NOT NULL,
            seconds REAL,
            recipe TEXT NOT NULL, -- JSON: every value used
            encoder TEXT NOT NULL,
            device TEXT NOT NULL,
            seed INTEGER NOT NULL,
            labelled INTEGER NOT NULL,
            checkpoint TEXT,
            test_accuracy REAL,
            per_class TEXT, -- JSON: class name to accuracy
            message TEXT
        ) STRICT;

        CREATE TABLE epoch_metric (
            training_run_id INTEGER NOT NULL REFERENCES training_run (id),
            epoch INTEGER NOT NULL,
            classification_loss REAL, -- null where the epoch did not train it
            contrastive_loss REAL,
            train_accuracy REAL,
            test_accuracy REAL,
            learning_rate REAL NOT NULL,
            seconds REAL NOT NULL,
            PRIMARY KEY (training_run_id, epoch)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE round (
            id INTEGER PRIMARY KEY,
            number INTEGER NOT NULL UNIQUE,
            strategy TEXT NOT NULL,
            seed INTEGER NOT NULL,
            training_run_id INTEGER REFERENCES training_run (id),
            cursor INTEGER NOT NULL DEFAULT 0,
            created_at TEXT NOT NULL
        ) STRICT;

        CREATE TABLE batch_item (
            round_id INTEGER NOT NULL REFERENCES round (id),
            position INTEGER NOT NULL,
            image_id INTEGER NOT NULL REFERENCES image (id),
            PRIMARY KEY (round_id, position),
            UNIQUE (round_id, image_id)
        ) STRICT, WITHOUT ROWID;

        -- One thing that somebody did; its label events stand or fall together.
        CREATE TABLE action (
            id INTEGER PRIMARY KEY,
            kind TEXT NOT NULL CHECK (kind IN ('do', 'undo', 'redo')),
            target_id INTEGER REFERENCES action (id), -- what an undo or redo turns over
            origin TEXT NOT NULL CHECK (origin IN ('person', 'oracle', 'import')),
            annotator TEXT NOT NULL,
            round_id INTEGER REFERENCES round (id),
            at TEXT NOT NULL,
            CHECK ((kind = 'do') = (target_id IS NULL))
        ) STRICT;

        CREATE TABLE label_event (
            id INTEGER PRIMARY KEY,
            action_id INTEGER NOT NULL REFERENCES action (id),
            image_id INTEGER NOT NULL REFERENCES image (id),
            kind TEXT NOT NULL CHECK (kind IN ('label', 'skip', 'clear')),
            class_id INTEGER REFERENCES class (id),
            replaces INTEGER REFERENCES label_event (id),
            CHECK ((kind = 'label') = (class_id IS NOT NULL))
        ) STRICT;
        CREATE INDEX label_event_by_image ON label_event (image_id, id);
        CREATE INDEX label_event_by_action ON label_event (action_id);

        CREATE VIEW current_label AS
            SELECT * FROM label_event AS event
            WHERE kind <> 'clear' AND id = (
                SELECT max(id) FROM label_event WHERE image_id = event.image_id
            );
    """)
    for table in ("action", "label_event"):
        for change in ("UPDATE", "DELETE"):
            _forbid(db, change, table)


@MIGRATIONS()
def m002_chained_digests(db: Database) -> None:
    """Add a digest of each action and its predecessor (labeller/store/log.py)."""
    db.execute("ALTER TABLE action ADD COLUMN digest TEXT")
    db.execute("DROP TRIGGER no_update_of_action")
    before = None
    events: dict[int, list[tuple]] = {}
    for action_id, *event in db.execute(
        "SELECT action_id, image_id, kind, class_id FROM label_event ORDER BY id"
    ):
        events.setdefault(action_id, []).append(tuple(event))
    for action_id, *columns in db.execute(
        "SELECT id, kind, target_id, origin, annotator, round_id, at FROM action ORDER BY id"
    ).fetchall():
        before = log.digest(before, columns, events.get(action_id, []))
        db.execute("UPDATE action SET digest = ? WHERE id = ?", [before, action_id])
    _forbid(db, "UPDATE", "action")


@MIGRATIONS()
def m003_classes_states_suggestions(db: Database) -> None:
    db.executescript("""
        ALTER TABLE class ADD COLUMN colour TEXT; -- #rrggbb; null: by its place
        ALTER TABLE class ADD COLUMN shortcut TEXT; -- one letter or digit; null: by its place
        ALTER TABLE class ADD COLUMN description TEXT NOT NULL DEFAULT '';
        ALTER TABLE class ADD COLUMN archived INTEGER NOT NULL DEFAULT 0;

        -- Why an image was put aside; null: without a reason.
        ALTER TABLE label_event ADD COLUMN reason TEXT
            CHECK (reason IN ('unsure', 'not-any-class', 'bad-image'));

        -- The run whose suggestion the person accepted.
        ALTER TABLE action ADD COLUMN suggested_by INTEGER REFERENCES training_run (id);

        -- The newest model's predictions; each model replaces them.
        CREATE TABLE suggestion (
            image_id INTEGER PRIMARY KEY REFERENCES image (id),
            class_id INTEGER NOT NULL REFERENCES class (id),
            confidence REAL NOT NULL,
            training_run_id INTEGER NOT NULL REFERENCES training_run (id)
        ) STRICT;

        -- What somebody wrote of an image; the last one counts.
        CREATE TABLE note (
            id INTEGER PRIMARY KEY,
            image_id INTEGER NOT NULL REFERENCES image (id),
            text TEXT NOT NULL,
            annotator TEXT NOT NULL,
            at TEXT NOT NULL
        ) STRICT;
        CREATE INDEX note_by_image ON note (image_id, id);

        DROP VIEW current_label;
        CREATE VIEW current_label AS
            SELECT * FROM label_event AS event
            WHERE kind <> 'clear' AND id = (
                SELECT max(id) FROM label_event WHERE image_id = event.image_id
            );
    """)


@MIGRATIONS()
def m004_examples_expectations_decisions(db: Database) -> None:
    db.executescript("""
        -- Images that show people what a class is.
        CREATE TABLE example (
            class_id INTEGER NOT NULL REFERENCES class (id),
            image_id INTEGER NOT NULL REFERENCES image (id),
            PRIMARY KEY (class_id, image_id)
        ) STRICT, WITHOUT ROWID;

        -- What the model that chose the batch said of its image.
        ALTER TABLE batch_item ADD COLUMN expected_class_id INTEGER REFERENCES class (id);

        -- The label that somebody gave who saw that people disagree; it holds while it is current.
        CREATE TABLE decision (
            image_id INTEGER PRIMARY KEY REFERENCES image (id),
            label_event_id INTEGER NOT NULL REFERENCES label_event (id)
        ) STRICT;
    """)


@MIGRATIONS()
def m005_changes_in_the_log(db: Database) -> None:
    """Store edits other than labels in the log (labeller/store/edits.py)."""
    db.executescript("""
        -- JSON: a change of a class, a note, a decision and the like; null: labels alone.
        ALTER TABLE action ADD COLUMN edit TEXT;

        -- A merged class: its hidden labels count as those of the other one.
        ALTER TABLE class ADD COLUMN merged_into INTEGER REFERENCES class (id);
    """)
    db.execute("INSERT INTO setting VALUES ('identity', ?)", [_identity()])


@MIGRATIONS()
def m006_what_was_foreseen(db: Database) -> None:
    """Store the prediction for each image before its first label
    (labeller/store/predictions.py)."""
    db.executescript("""
        CREATE TABLE foreseen (
            label_event_id INTEGER PRIMARY KEY REFERENCES label_event (id), -- the first label
            image_id INTEGER NOT NULL UNIQUE REFERENCES image (id),
            class_id INTEGER NOT NULL REFERENCES class (id),
            confidence REAL, -- null: it was not kept
            training_run_id INTEGER REFERENCES training_run (id)
        ) STRICT;

        INSERT INTO foreseen (label_event_id, image_id, class_id, training_run_id)
            SELECT min(event.id), item.image_id, item.expected_class_id, round.training_run_id
            FROM batch_item AS item
            JOIN round ON round.id = item.round_id
            JOIN label_event AS event ON event.image_id = item.image_id AND event.kind = 'label'
            WHERE item.expected_class_id IS NOT NULL
            GROUP BY item.image_id;
    """)


@MIGRATIONS()
def m007_named_losses(db: Database) -> None:
    """Store losses by name: methods have different ones."""
    db.executescript("""
        ALTER TABLE epoch_metric ADD COLUMN losses TEXT NOT NULL DEFAULT '{}'; -- JSON: name to mean
        UPDATE epoch_metric SET losses = json_patch('{}', json_object(
            'classification', classification_loss, 'contrastive', contrastive_loss
        ));
        ALTER TABLE epoch_metric DROP COLUMN classification_loss;
        ALTER TABLE epoch_metric DROP COLUMN contrastive_loss;
    """)


@MIGRATIONS()
def m008_reasons_of_choice(db: Database) -> None:
    """Store why a strategy selected an image: its score, and the most similar labelled image."""
    db.executescript("""
        ALTER TABLE batch_item ADD COLUMN score REAL;
        ALTER TABLE batch_item ADD COLUMN nearest_image_id INTEGER REFERENCES image (id);
    """)


@MIGRATIONS()
def m009_estimates_and_model_labels(db: Database) -> None:
    """Store estimated accuracies, and model labels."""
    db.executescript("""
        ALTER TABLE training_run ADD COLUMN estimate TEXT; -- JSON: labeller/store/runs.py

        CREATE TABLE model_label (
            image_id INTEGER PRIMARY KEY REFERENCES image (id),
            class_id INTEGER NOT NULL REFERENCES class (id),
            confidence REAL NOT NULL
        ) STRICT;
    """)


@MIGRATIONS()
def m010_parts_of_splits(db: Database) -> None:
    """Distinguish validation from test images among those held out."""
    db.executescript("""
        ALTER TABLE source ADD COLUMN name TEXT; -- "validation", or null

        CREATE VIEW measuring_source AS
            SELECT id FROM source WHERE split = 'test' AND (
                name IS NULL
                OR NOT EXISTS (SELECT 1 FROM source WHERE split = 'test' AND name IS NULL)
            );
    """)


@MIGRATIONS()
def m011_bits_and_pages(db: Database) -> None:
    """Store the bits used by greyscale images (0 for 8 bits) and the number of pages."""
    db.executescript("""
        ALTER TABLE image ADD COLUMN bits INTEGER; -- null: read by an earlier version
        ALTER TABLE image ADD COLUMN pages INTEGER;
    """)


@MIGRATIONS()
def m012_audited_images(db: Database) -> None:
    """Store which images were labelled in an audit of any copy of the project."""
    db.executescript("""
        CREATE TABLE audited (image_id INTEGER PRIMARY KEY REFERENCES image (id)) STRICT;

        INSERT INTO audited
            SELECT DISTINCT event.image_id FROM label_event AS event
            JOIN action ON action.id = event.action_id JOIN round ON round.id = action.round_id
            WHERE round.strategy = 'audit' AND event.kind = 'label';
    """)


@MIGRATIONS()
def m013_classes_of_models(db: Database) -> None:
    """Store the classes that a model was trained on: names change, and classes come and go."""
    db.execute(
        "ALTER TABLE training_run ADD COLUMN classes TEXT"  # JSON: [[id, name at that time], ...]
    )
    for run_id, started_at, per_class, estimate in db.execute(
        "SELECT id, started_at, per_class, estimate FROM training_run"
    ).fetchall():
        then = _classes_at(db, started_at)
        seen = db.execute(
            "SELECT DISTINCT class_id FROM label_event JOIN action ON action.id = action_id "
            "WHERE class_id IS NOT NULL AND at <= ?",
            [started_at],
        )
        taught = {class_id: then[class_id] for (class_id,) in seen.fetchall() if class_id in then}
        ids = {name: class_id for class_id, name in then.items()}

        def by_id(named: dict, ids: dict[str, int] = ids) -> list:
            return [[ids[name], value] for name, value in named.items() if name in ids]

        if per_class is not None:
            per_class = json.dumps(by_id(json.loads(per_class) or {}))
        if estimate is not None:
            values = json.loads(estimate)
            estimate = json.dumps(values | {"per_class": by_id(values["per_class"])})
        db.execute(
            "UPDATE training_run SET classes = ?, per_class = ?, estimate = ? WHERE id = ?",
            [json.dumps(list(taught.items())), per_class, estimate, run_id],
        )


@MIGRATIONS()
def m014_wrong_examples(db: Database) -> None:
    """Images that show what a class is not; and an index of the few unreadable images, which every
    batch asks for."""
    db.execute("ALTER TABLE example ADD COLUMN wrong INTEGER NOT NULL DEFAULT 0")
    db.execute("CREATE INDEX image_unreadable ON image (id) WHERE state = 'unreadable'")


def _classes_at(db: Database, moment: str) -> dict[int, str]:
    """The classes offered at a given time (id → name), according to the log."""
    names: dict[int, str] = dict(db.execute("SELECT id, name FROM class").fetchall())
    hidden: set[int] = set()
    for at, text in db.execute("SELECT at, edit FROM action WHERE edit IS NOT NULL ORDER BY id"):
        edit = json.loads(text)
        word, *values = (edit[2] or [""]) if edit[0] == "merged" else edit
        if word == "classes":
            names |= {class_id: name for class_id, name, *_ in values[0]}
            if at > moment:
                hidden |= {row[0] for row in values[0]}
        elif at <= moment and word in ("class", "merge", "unmerge"):
            archived = values[1]["archived"] if word == "class" else word == "merge" or values[-1]
            (hidden.add if archived else hidden.discard)(values[0])
            if word == "class":
                names[values[0]] = values[1]["name"]
    return {class_id: name for class_id, name in names.items() if class_id not in hidden}


def is_older(db: Database) -> bool:
    """Whether it has to be migrated because an earlier version made it.

    Raises:
        LabellerError: it was made by a newer version of the program, or is not a project.
    """
    version, known = _versions(db)
    return version < len(known)


def _forbid(db: Database, change: str, table: str) -> None:
    db.execute(
        f"CREATE TRIGGER no_{change.lower()}_of_{table} BEFORE {change} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, 'the {table} log is append-only'); END"
    )


def migrate(db: Database, before: Callable[[], object] = lambda: None) -> None:
    """Migrate a database to the newest schema, each step in its own transaction.

    Args:
        before: called once, before a database with content is changed.

    Raises:
        LabellerError: it was made by a newer version of the program, or is not a project.
    """
    version, known = _versions(db)
    if version == len(known):
        return
    if not version:
        with _creating:
            _empty().execute("UPDATE setting SET value = ? WHERE key = 'identity'", [_identity()])
            _empty().commit()
            _empty().backup(db.conn)
        return
    before()
    MIGRATIONS.apply(db)
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute(f"PRAGMA user_version = {len(known)}")


_creating = Lock()


@cache
def _empty() -> sqlite3.Connection:
    """A database of the newest schema in memory. A new project is a copy of it, since applying all
    migrations takes ten times as long."""
    own = Database(sqlite3.connect(":memory:", check_same_thread=False))
    MIGRATIONS.apply(own)
    own.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    own.execute(f"PRAGMA user_version = {len(MIGRATIONS._migrations)}")
    connection: sqlite3.Connection = own.conn
    return connection


def _identity() -> str:
    """A random number, unique to the project, as JSON."""
    return json.dumps(secrets.token_hex(16))


def foreign_parts(db: Database) -> list[str]:
    """Triggers and views not created by this program, which would run automatically. For databases
    of the newest schema."""
    return [name for name, text in db.execute(_PARTS) if _own_parts().get(name) != text]


@cache
def _own_parts() -> dict[str, str]:
    """The program's own triggers and views with their SQL."""
    with _creating:
        return dict(_empty().execute(_PARTS).fetchall())


def _versions(db: Database) -> tuple[int, list[str]]:
    """The number of our migrations applied to a database, and the names of all known ones."""
    known = [migration.name for migration in MIGRATIONS._migrations]
    version = db.execute("PRAGMA user_version").fetchone()[0]
    applied = [migration.name for migration in MIGRATIONS.applied(db)]
    if version > len(known) or set(applied) - set(known):
        raise LabellerError(
            "This project was made by a newer version of Labeller (schema {version}, "
            "this one knows {count}). Update Labeller to open it.",
            version=version,
            count=len(known),
        )
    begun = set(db.table_names()) - {"_sqlite_migrations"}  # a program was killed right after it
    if begun and not applied:
        raise LabellerError("This file is not a Labeller project.")
    return len(applied), known
