"""Settings: the environment before the file, the file before the defaults, and every wrong one named."""

from pathlib import Path

import pytest

from voicebot.errors import SettingsError
from voicebot.settings import Settings, load_settings


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_what_is_given_goes_before_environment_before_file(empty_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (empty_folder / "voicebot.toml").write_text('port = 1111\nhost = "::1"\nvoice = "file"\n')
    monkeypatch.setenv("VOICEBOT_PORT", "2222")
    monkeypatch.setenv("VOICEBOT_HOST", "127.0.0.2")
    settings = load_settings(port=3333, host=None)
    assert (settings.port, settings.host, settings.voice, settings.municipality) == (
        3333,
        "127.0.0.2",
        "file",
        "roskilde",
    )


def test_everything_lies_in_the_data_folder(empty_folder: Path) -> None:
    settings = load_settings(data_dir=Path("elsewhere"))
    assert settings.models_dir == Path("elsewhere/models")
    assert settings.record_url == "sqlite+aiosqlite:///elsewhere/voicebot.db"
    assert load_settings(database_url="postgresql+asyncpg://db").record_url == "postgresql+asyncpg://db"


def test_several_tokens_are_read_and_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICEBOT_TWILIO_AUTH_TOKENS", '["new-secret", "old-secret"]')
    settings = load_settings()
    assert [token.get_secret_value() for token in settings.twilio_auth_tokens] == ["new-secret", "old-secret"]
    assert "-secret" not in repr(settings)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("port = 0", "port"),
        ("prot = 8000", "prot"),
        ("port = ", "voicebot.toml"),
        ('twilio_auth_tokens = "one"', "twilio_auth_tokens"),
    ],
)
def test_a_wrong_setting_is_named(empty_folder: Path, text: str, word: str) -> None:
    (empty_folder / "voicebot.toml").write_text(text)
    with pytest.raises(SettingsError, match=word):
        load_settings()


def test_every_setting_is_described() -> None:
    assert not [name for name, field in Settings.model_fields.items() if not field.description]


def test_a_list_that_is_none_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICEBOT_TWILIO_AUTH_TOKENS", "my-secret")
    with pytest.raises(SettingsError, match="written as JSON") as fault:
        load_settings()
    assert "my-secret" not in fault.value.message
