"""Messages of a sender are counted by several servers together, if they can."""

import pytest

from assistant.channels.rate_limit import RateLimit
from assistant.settings import RateLimitSettings, SettingsError
from tests.server import serve
from tests.services import Redis

RATE = "2 per 60 seconds"


@pytest.fixture
def redis(tmp_path):
    service = Redis(tmp_path)
    service.start()
    yield service
    service.stop()


def may_send(limit, sender="web:a", times=3):
    return [limit.seconds_to_wait(sender) == 0 for _ in range(times)]


def test_who_sends_too_much_has_to_wait_and_nobody_else():
    limit = RateLimit(RATE, RateLimitSettings())
    assert may_send(limit) == [True, True, False]
    assert 1 <= limit.seconds_to_wait("web:a") <= 60
    assert may_send(limit, "web:b", 1) == [True]


def test_two_servers_count_together(redis):
    one, other = (RateLimit(RATE, RateLimitSettings(redis.url)) for _ in range(2))
    assert may_send(one, times=1) + may_send(other, times=2) == [True, True, False]


@pytest.mark.parametrize("fault", [Redis.stop, Redis.freeze])
def test_a_server_counts_for_itself_while_the_storage_is_away(redis, fault, caplog):
    limit = RateLimit(RATE, RateLimitSettings(redis.url))
    assert may_send(limit, times=2) == [True, True]
    fault(redis)
    assert may_send(limit) == [True, True, False]
    assert "RATE_LIMIT_STORAGE cannot be reached" in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.parametrize(
    "address",
    [
        *("reddis://:secret@host:1", "nonsense", "redis:host", "redis+sentinel://:secret@host:1"),
        *("redis://:secret@host:port", "redis://:secret@host:99999", "redis://:secret@[::1"),
    ],
)
def test_a_storage_that_is_none_is_refused_without_showing_its_password(address):
    with pytest.raises(SettingsError, match="RATE_LIMIT_STORAGE") as refused:
        RateLimitSettings.from_environment({"RATE_LIMIT_STORAGE": address})
    assert "secret" not in str(refused.value)


def test_a_storage_is_asked_whether_it_is_there(redis):
    assert not RateLimitSettings().is_away
    assert not RateLimitSettings(redis.url).is_away
    redis.stop()
    assert RateLimitSettings(redis.url).is_away


def test_make_serve_says_in_one_line_that_the_storage_is_none():
    code, output = serve(RATE_LIMIT_STORAGE="reddis://:secret@host:1")
    assert (code, output.count("\n")) == (1, 1)
    assert output.startswith("RATE_LIMIT_STORAGE has to be")
