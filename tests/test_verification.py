"""What makes a carrier's request trusted: settings that fit, and single-use tokens."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from voicebot.errors import SettingsError
from voicebot.line import CallInfo
from voicebot.settings import Settings
from voicebot.telephony import verification
from voicebot.telephony.verification import TOKEN_SECONDS, Tokens, check_telephony_settings, socket_url

CALL = CallInfo("CA1", "twilio", "roskilde", "+4512345678")
OTHER = CallInfo("CA2", "twilio", "roskilde", "")


def settings(*tokens: str, **given: Any) -> Settings:
    return Settings(twilio_auth_tokens=[SecretStr(token) for token in tokens], **given)


@pytest.mark.parametrize(
    "fit",
    [
        settings(),
        settings(host="0.0.0.0"),
        settings(insecure=True),
        settings(insecure=True, host="127.0.0.2"),
        settings(insecure=True, host="::1"),
        settings(insecure=True, host="localhost"),
        settings("a", "b", public_url="https://bot.kommune.dk", host="0.0.0.0"),
        settings("a", public_url="https://kommune.dk/bot/"),
    ],
)
def test_settings_that_fit(fit: Settings) -> None:
    check_telephony_settings(fit)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2", "bot.kommune.dk", "localhost.evil.dk", ""])
def test_unsigned_requests_only_on_a_loopback_address(host: str) -> None:
    with pytest.raises(SettingsError, match="loopback") as caught:
        check_telephony_settings(settings(insecure=True, host=host))
    assert caught.value.code == "settings.insecure"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://bot.kommune.dk",
        "wss://bot.kommune.dk",
        "bot.kommune.dk",
        "https://",
        "https://bot.kommune.dk:8443",
        "https://bot.kommune.dk:443",
        "https://bot.kommune.dk:x",
        "https://bot.kommune.dk?a=1",
        "https://user@bot.kommune.dk",
        "https://[bot",
    ],
)
def test_a_public_url_that_no_carrier_can_call(url: str) -> None:
    with pytest.raises(SettingsError, match="https") as caught:
        check_telephony_settings(settings("a", public_url=url))
    assert caught.value.code == "settings.public_url"


def test_an_empty_auth_token_would_let_anyone_in() -> None:
    with pytest.raises(SettingsError, match="empty"):
        check_telephony_settings(settings("a", " ", public_url="https://bot.kommune.dk"))


def test_the_socket_is_on_the_public_address() -> None:
    assert socket_url(settings("a", public_url="https://kommune.dk/bot/"), "/m") == "wss://kommune.dk/bot/m"
    assert socket_url(settings(port=8010), "/m") == "ws://127.0.0.1:8010/m"


def test_a_token_is_good_once_for_its_own_call_in_time() -> None:
    tokens = Tokens()
    token = tokens.issue(CALL, 0)
    assert tokens.redeem(token, "CA1", TOKEN_SECONDS - 0.001) == CALL
    assert tokens.redeem(token, "CA1", 1) is None
    assert tokens.redeem(tokens.issue(CALL, 0), "CA2", 1) is None
    assert tokens.redeem(tokens.issue(CALL, 0), "CA1", TOKEN_SECONDS) is None
    assert tokens.redeem("", "CA1", 1) is None
    assert len(tokens) == 0


def test_tokens_differ_and_are_long() -> None:
    tokens = Tokens()
    issued = {tokens.issue(CALL, 0) for _ in range(100)}
    assert len(issued) == 100
    assert min(map(len, issued)) >= 32
    assert max(map(len, issued)) < 500, "the carrier's limit for a parameter"


def test_old_tokens_make_room_for_new_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "MOST_TOKENS", 3)
    tokens = Tokens()
    oldest = tokens.issue(CALL, 0)
    kept = [tokens.issue(OTHER, second) for second in (1, 2, 3)]
    assert len(tokens) == 3
    assert tokens.redeem(oldest, "CA1", 4) is None
    assert all(tokens.redeem(token, "CA2", 4) for token in kept)
    tokens.issue(CALL, 10)
    tokens.issue(CALL, 10 + TOKEN_SECONDS)
    assert len(tokens) == 1, "the one too old is gone"


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 4), st.floats(0, 50)), max_size=30))
def test_no_token_is_ever_good_twice(steps: list[tuple[bool, int, float]]) -> None:
    tokens, issued, used, now = Tokens(), [], set(), 0.0
    for issues, which, later in steps:
        now += later
        if issues or not issued:
            issued.append((tokens.issue(CALL, now), now))
        else:
            token, since = issued[which % len(issued)]
            call = tokens.redeem(token, "CA1", now)
            assert (call == CALL) == (token not in used and now - since < TOKEN_SECONDS)
            used.add(token)
