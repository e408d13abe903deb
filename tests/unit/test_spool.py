"""What waits for the database survives a crash and a full disk, and is taken over by one process."""

import pytest

from assistant.stores.database import Batch, Row
from assistant.stores.spool import Spool
from tests.full_disk import files_of_at_most


def batch(number):
    return Batch(f"id-{number}", "web:a", [Row("user", float(number), None, None, "x" * 300)])


@pytest.fixture
def spool(tmp_path):
    return Spool(tmp_path)


def test_the_next_process_takes_over_what_a_dead_one_left(tmp_path):
    dead = Spool(tmp_path)
    for number in range(3):
        dead.append(batch(number))
    del dead
    assert Spool(tmp_path).waiting() == [batch(number) for number in range(3)]


def test_what_a_living_process_holds_is_left_alone(tmp_path, spool):
    spool.append(batch(0))
    assert len(Spool(tmp_path)) == 0
    assert spool.waiting() == [batch(0)]


def test_nothing_is_left_once_everything_is_in_the_database(tmp_path, spool):
    spool.append(batch(0))
    spool.clear()
    assert (len(spool), list(tmp_path.iterdir())) == (0, [])
    spool.append(batch(1))
    assert spool.waiting() == [batch(1)]


def test_what_the_disk_refuses_is_kept_and_written_when_there_is_room(tmp_path, caplog):
    spool = Spool(tmp_path)
    spool.append(batch(0))
    with files_of_at_most(500):
        spool.append(batch(1))
    assert "The spool cannot be written (File too large)" in caplog.text
    assert spool.waiting() == [batch(0), batch(1)]
    spool.append(batch(2))
    del spool
    adopted = Spool(tmp_path)
    assert sorted(each.id for each in adopted.waiting()) == ["id-0", "id-1", "id-2"]
    adopted.clear()
    assert list(tmp_path.iterdir()) == []
