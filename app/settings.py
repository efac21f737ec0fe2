"""What the installation needs to know before it can start. Secrets come from here and are never logged (D12)."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from tasks.address import parse_address

_CHECKOUT = Path(__file__).resolve().parent.parent


def default_home() -> Path:
    """``var/`` in a checkout, so that a clone keeps to itself; the user's data folder where installed."""
    if (_CHECKOUT / "pyproject.toml").is_file():
        return _CHECKOUT / "var"
    return Path.home() / ".local" / "share" / "dondoc"


class Settings(BaseSettings):
    """Environment variables ``DONDOC_…`` win over ``<home>/dondoc.toml``.

    ``database_url``: empty means SQLite in ``home``; PostgreSQL is ``postgresql://role:password@host/database``
    (docs/postgresql.md).
    ``mail_url``: empty means the folder ``outbox``; a mail server is ``dondocs://user:password@host/?from=…``
    (docs/mail.md). ``heartbeat_url``: asked for after each round of sending (docs/operations.md); empty means nobody.
    ``backup_folder``: where the daily copies go (docs/backup.md); empty means ``backups`` in ``home``.
    ``sms_…``, ``zalo_…``, ``telegram_token``, ``relay_folder``: the other channels, each there when it is set
    (docs/channels.md). ``relay_folder``: where messages lie that a person carries out of a closed network.
    ``public_url``: where people reach the dashboard, "https://dondoc.tinh.gov.vn"; empty means that messages carry no
    links (D13).
    """

    model_config = SettingsConfigDict(env_prefix="DONDOC_", extra="ignore", frozen=True)

    home: Path = Field(default_factory=default_home)
    database_url: SecretStr = SecretStr("")
    mail_url: SecretStr = SecretStr("")
    heartbeat_url: SecretStr = SecretStr("")
    sms_gateway: str = ""
    sms_url: str = ""
    sms_brand: str = ""
    sms_key: SecretStr = SecretStr("")
    sms_secret: SecretStr = SecretStr("")
    sms_diacritics: bool = False
    zalo_app_id: str = ""
    zalo_app_secret: SecretStr = SecretStr("")
    zalo_refresh_token: SecretStr = SecretStr("")
    zalo_template: str = ""
    zalo_fields: str = ""
    zalo_url: str = ""
    zalo_oauth_url: str = ""
    telegram_token: SecretStr = SecretStr("")
    telegram_url: str = ""
    relay_folder: str = ""
    relay_days: int = Field(default=3, ge=0, le=30)
    backup_folder: str = ""
    language: Literal["vi", "en"] = "vi"
    dashboard_host: str = "127.0.0.1"
    dashboard_port: int = Field(default=8000, ge=1, le=65535)
    public_url: str = ""
    prefect_host: str = "127.0.0.1"
    prefect_port: int = Field(default=4200, ge=1, le=65535)

    @property
    def url(self) -> str:
        """The address of the register's database, with the driver. Raises BadDatabaseUrl."""
        said = self.database_url.get_secret_value().strip()
        return parse_address(said).render_as_string(hide_password=False) if said else f"sqlite:///{self.home}/dondoc.db"

    @property
    def backups(self) -> Path:
        """Where copies go that nobody gave a place."""
        return Path(self.backup_folder).expanduser() if self.backup_folder else self.home / "backups"

    @property
    def outbox_folder(self) -> Path:
        """Where messages are written as files until a mail server is set up."""
        return self.home / "outbox"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        said = {**env_settings(), **init_settings()}
        home = Path(said.get("home") or default_home())
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, home / "dondoc.toml")
