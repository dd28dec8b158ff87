"""The state's file: what is damaged, foreign or newer is refused untouched, in one line."""

import contextlib
import random
import shutil
import sqlite3

import pytest

from scraper.errors import StateError
from scraper.model import Known, Link
from scraper.state import NAME, Settlement, State
from scraper.state.schema import APPLICATION_ID, MIGRATIONS

COUNT = 300
NOW = 1_700_000_000.0


def url(n):
    return f"https://{n % 7}.example/story/{n}"


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The file of a state that knows 300 URLs, half of them visited."""
    path = tmp_path_factory.mktemp("whole") / NAME
    with State(path) as state:
        state.add([Link(url=url(n)) for n in range(COUNT)], NOW)
        known = Known(first_seen=NOW, version=1, status="ok", content_hash="x", due=NOW)
        with state.change() as change:
            for n in range(0, COUNT, 2):
                change.settle(Settlement(state.find(url(n)), known))
    return path


@pytest.fixture
def path(whole, tmp_path):
    return shutil.copy(whole, tmp_path / NAME)


def use(path):
    """Do with a state what a run does."""
    with State(path) as state:
        state.pull_back(NOW, 1.0)
        state.totals(NOW)
        state.files()
        state.rests(NOW)
        for number, _ in state.hosts(0, 100):
            for task in state.take(number, 0, 100):
                state.look(task.link.url)
        return state.waiting()


def refusal(path):
    """The error with which the state is refused; its file is as it was."""
    before = path.read_bytes()
    with pytest.raises(StateError) as error:
        use(path)
    assert path.read_bytes() == before
    assert "\n" not in str(error.value)
    return error.value


def damaged(path, content):
    path.write_bytes(content)
    return path


# What is no state


@pytest.mark.parametrize(
    "content",
    [b"", b"\0", b"hello, this is a text\n" * 100, b"SQLite format 3\0", bytes(8192)],
    ids=["empty", "one byte", "text", "a head cut off", "zeros"],
)
def test_what_is_no_database_is_refused(content, tmp_path):
    assert refusal(damaged(tmp_path / NAME, content)).code == "state_corrupt"


def foreign(path, *statements):
    with contextlib.closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    return path


@pytest.mark.parametrize(
    "statements",
    [
        ["CREATE TABLE letters (a)"],
        ["PRAGMA application_id = 7", "CREATE TABLE letters (a)"],
        ["PRAGMA journal_mode = WAL", "CREATE TABLE urls (a)"],
        ["PRAGMA user_version = 1"],
    ],
    ids=["unmarked", "marked", "in WAL mode", "without a table"],
)
def test_the_database_of_another_program_is_refused(statements, tmp_path):
    error = refusal(foreign(tmp_path / NAME, *statements))
    assert (error.code, "another program" in str(error)) == ("state_corrupt", True)


def test_a_state_of_a_newer_version_is_refused(path):
    foreign(path, f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    assert refusal(path).code == "state_newer"


@pytest.mark.parametrize("kind", ["text", "newer"])
def test_a_refusal_names_the_way_out(kind, path):
    if kind == "text":
        damaged(path, b"text")
    else:
        foreign(path, "PRAGMA user_version = 99")
    assert f"`scraper rebuild {path.parent}`" in str(refusal(path))


def test_a_folder_in_place_of_the_state_is_told(tmp_path):
    (tmp_path / NAME).mkdir()
    with pytest.raises(StateError, match="Is a directory"):
        State(tmp_path / NAME)


def test_a_state_is_marked_as_ours(path):
    with contextlib.closing(sqlite3.connect(path)) as connection:
        (owner,) = connection.execute("PRAGMA application_id").fetchone()
    assert owner == APPLICATION_ID


# Damage


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_a_truncated_state_is_refused(share, path):
    content = path.read_bytes()
    damaged(path, content[: int(len(content) * share)])
    assert refusal(path).code == "state_corrupt"


def test_a_flipped_byte_is_a_refusal_or_does_no_harm(whole, tmp_path):
    content = whole.read_bytes()
    chance = random.Random(7)
    refused = 0
    for trial in range(100):
        place = chance.randrange(len(content))
        flipped = bytearray(content)
        flipped[place] ^= 1 << chance.randrange(8)
        folder = tmp_path / str(trial)
        folder.mkdir()
        try:
            use(damaged(folder / NAME, flipped))
        except StateError as error:
            assert error.code in {"state_corrupt", "state_newer"}, place
            refused += 1
    assert 0 < refused < 100


# The log beside it


@pytest.fixture
def killed(whole, tmp_path):
    """A state whose last commit stands in its log only, as a killed run leaves it."""
    shutil.copy(whole, tmp_path / NAME)
    with State(tmp_path / NAME) as state:
        state.add([Link(url="https://new.example/")], NOW)
        folder = tmp_path / "killed"
        folder.mkdir()
        for file in tmp_path.glob(f"{NAME}*"):
            shutil.copy(file, folder)
    assert (folder / f"{NAME}-wal").stat().st_size > 0
    return folder / NAME


WAITING = COUNT // 2


def test_the_log_of_a_killed_run_is_read(killed):
    assert use(killed) == WAITING + 1


def test_a_log_without_its_index_is_read(killed):
    killed.with_name(f"{NAME}-shm").unlink()
    assert use(killed) == WAITING + 1


def test_an_index_that_is_nonsense_is_made_anew(killed):
    shm = killed.with_name(f"{NAME}-shm")
    shm.write_bytes(b"\xff" * shm.stat().st_size)
    assert use(killed) == WAITING + 1


def test_without_its_log_a_state_is_that_of_the_last_checkpoint(killed):
    for ending in ("-wal", "-shm"):
        killed.with_name(NAME + ending).unlink()
    assert use(killed) == WAITING


@pytest.mark.parametrize("share", [0.0, 0.01, 0.2, 0.5, 0.99])
def test_a_log_cut_off_counts_up_to_its_last_whole_commit(share, killed):
    log = killed.with_name(f"{NAME}-wal")
    log.write_bytes(log.read_bytes()[: int(log.stat().st_size * share)])
    assert use(killed) == WAITING


def test_a_log_that_lost_its_state_is_not_played_into_a_new_one(killed):
    killed.unlink()
    assert use(killed) == 0


def test_a_new_state_that_a_killed_run_left_half_is_begun_anew(tmp_path):
    (tmp_path / f"{NAME}.new").write_bytes(b"half")
    (tmp_path / f"{NAME}.new-journal").write_bytes(b"half")
    assert use(tmp_path / NAME) == 0
