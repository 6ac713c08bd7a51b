"""Every setting, read once from the environment (VOICEBOT_…) and `voicebot.toml`."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from voicebot.errors import SettingsError


class Settings(BaseSettings):
    """All settings of a bot; the environment goes before the file, the file before the defaults."""

    model_config = SettingsConfigDict(env_prefix="VOICEBOT_", toml_file="voicebot.toml", extra="forbid")

    host: str = Field("127.0.0.1", description="Address the server listens on.")
    port: int = Field(8000, ge=1, le=65535, description="Port the server listens on.")
    public_url: str = Field("", description="https address the carrier calls, without a trailing slash.")
    municipality: str = Field("roskilde", description="Id of the municipality under answers/municipalities/.")
    answers_dir: Path = Field(Path("answers"), description="Folder of the approved answer texts.")
    data_dir: Path = Field(Path(".voicebot"), description="Folder for models, ready-made speech and the record.")
    database_url: str = Field("", description="SQLAlchemy URL of the record; empty: SQLite in the data folder.")
    caller_numbers: Literal["hidden", "whole"] = Field(
        "hidden", description="What is kept of callers' numbers: a keyed hash and the last two digits, or all of it."
    )
    calls: int = Field(
        0, ge=0, description="Calls held at once, the next ones go to a human; 0: as many as the cores can hold."
    )
    recogniser: str = Field("whisper-base", description="Name of the recognition model, see `voicebot models list`.")
    voice: str = Field("", description="Name of the voice; empty: Danish Piper if in place, else the try-out voice.")
    questions: list[Path] = Field(
        default_factory=lambda: [Path("tests/data/development.tsv"), Path("tests/data/callers.tsv")],
        description="Files of test questions that show in the dashboard what a changed answer changes.",
    )
    recorded_calls: Path = Field(
        Path("audio_fixtures"), description="Folder of recorded calls that show there what else it changes."
    )
    twilio_auth_tokens: list[SecretStr] = Field(
        default_factory=list, description="Auth tokens of the carrier, the current one first; several while rotating."
    )
    twilio_account_sid: str = Field("", description="Account at the carrier; empty: taken from the call itself.")
    insecure: bool = Field(False, description="Accept unsigned carrier requests; only on a loopback address.")
    oidc_issuer: str = Field("", description="Address of the municipality's own log-in (OpenID Connect); empty: none.")
    oidc_client_id: str = Field("", description="What the bot is called there.")
    oidc_client_secret: SecretStr = Field(SecretStr(""), description="The bot's secret there; empty: it has none.")
    oidc_claim: str = Field("roles", description="Claim of the ID token that says what a person may do.")
    oidc_roles: dict[str, Literal["se", "rediger", "administrer"]] = Field(
        default_factory=dict, description="Value of that claim → role: se, rediger or administrer; others are refused."
    )

    @property
    def models_dir(self) -> Path:
        """Where model files lie."""
        return self.data_dir / "models"

    @property
    def speech_dir(self) -> Path:
        """Where ready-made speech lies."""
        return self.data_dir / "speech"

    @property
    def record_url(self) -> str:
        """The SQLAlchemy URL of the record."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data_dir / 'voicebot.db'}"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then environment, then `voicebot.toml`."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_settings(**given: object) -> Settings:
    """Read the settings; SettingsError names each wrong one and what it must be."""
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as fault:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in fault.errors())
        raise SettingsError("settings.wrong", f"Settings (VOICEBOT_… or voicebot.toml): {wrong}.") from None
    except ValueError as fault:
        raise SettingsError(
            "settings.unreadable", f'voicebot.toml or VOICEBOT_…: {fault}. A list is written as JSON: \'["…", "…"]\'.'
        ) from None
