import json

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


def test_a_journal_that_cannot_be_written_is_a_clear_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(HelpDeskError, match="cannot write"):
        JournalHelpDesk(tmp_path / "file" / "j").record(Request(language="en"))
