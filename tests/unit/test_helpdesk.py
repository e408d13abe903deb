import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from assistant.helpdesk import HelpDeskError, JournalHelpDesk, Request


def test_a_request_is_written_with_its_reference(tmp_path):
    desk = JournalHelpDesk(tmp_path / "new" / "handoffs.jsonl")
    reference = desk.record(Request(language="de", topic="link_contract", facts={"membership": "gold"}))
    (line,) = (tmp_path / "new" / "handoffs.jsonl").read_text(encoding="utf-8").splitlines()
    entry = json.loads(line)
    assert entry["reference"] == reference
    assert entry["facts"] == {"membership": "gold"}


def test_the_message_is_redacted(tmp_path):
    JournalHelpDesk(tmp_path / "j").record(Request(language="en", message="mail me: a@contoso.com"))
    assert "a@contoso.com" not in (tmp_path / "j").read_text(encoding="utf-8")


def test_requests_are_appended(tmp_path):
    desk = JournalHelpDesk(tmp_path / "j")
    references = {desk.record(Request(language="en")) for _ in range(3)}
    assert len(references) == len((tmp_path / "j").read_text(encoding="utf-8").splitlines()) == 3


def test_a_turn_that_is_taken_again_records_nothing_new(tmp_path):
    desk = JournalHelpDesk(tmp_path / "j")
    turns = (("one", "1"), ("one", "1"), ("one", "2"), ("two", "1"))
    references = [desk.record(Request(language="en", sender=sender, message_id=id_)) for sender, id_ in turns]
    assert references[0] == references[1]
    assert len(set(references)) == len((tmp_path / "j").read_text(encoding="utf-8").splitlines()) == 3


def test_the_requests_of_a_partner_are_shown_and_deleted(tmp_path):
    desk = JournalHelpDesk(tmp_path / "j")
    for sender in ("one", "two", "one"):
        desk.record(Request(language="en", sender=sender))
    assert len(desk.entries("one")) == 2
    assert desk.delete({"one"}) == 2
    assert desk.entries("one") == []
    assert len(desk.entries("two")) == 1


def test_no_request_is_lost_while_others_are_deleted(tmp_path):
    desk = JournalHelpDesk(tmp_path / "j")
    with ThreadPoolExecutor(8) as pool:
        for number in range(100):
            pool.submit(desk.record, Request(language="en", sender=f"kept {number}"))
            pool.submit(desk.record, Request(language="en", sender="deleted"))
            pool.submit(desk.delete, {"deleted"})
    desk.delete({"deleted"})
    lines = (tmp_path / "j").read_text(encoding="utf-8").splitlines()
    assert sorted(json.loads(line)["sender"] for line in lines) == sorted(f"kept {n}" for n in range(100))


def test_a_journal_that_cannot_be_written_is_a_clear_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(HelpDeskError, match="cannot write"):
        JournalHelpDesk(tmp_path / "file" / "j").record(Request(language="en"))
