"""Configuration from the environment or `.env`; the names are those of `.env.example`."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from extract.errors import ExtractError

PROJECT_DIR = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Where things are read and written. An unset source is not configured, never an error."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore"
    )

    raw_dir: Path = Field(Path("data/raw"), description="Root of the landed runs.")
    warehouse_dir: Path = Field(Path("warehouse"), description="Where marts are published.")
    build_database: Path = Field(
        Path("warehouse/build.duckdb"), description="The file that dbt builds and tests."
    )
    as_of: datetime | None = Field(
        None, description="Moment that relative dates hang on, UTC; unset means now."
    )
    hash_salt: SecretStr | None = Field(
        None, description="Salt of the hashed contacts in shared marts; keep it, keys hang on it."
    )
    marketplace_dir: Path | None = Field(
        None, description="Drop folder with one subfolder a sub-channel."
    )
    marketplace_folders: Annotated[tuple[tuple[str, Path], ...], NoDecode] = Field(
        (), description="Folders anywhere: `onbuy=path,amazon_ae=path2`."
    )
    marketplace_layouts_dir: Path | None = Field(
        None, description="A company's own layout maps, beside those that ship."
    )
    metabase_url: str | None = Field(None, description="Address of Metabase.")
    metabase_api_key: SecretStr | None = Field(None, description="An API key of Metabase.")
    metabase_username: str | None = Field(None, description="A user instead of an API key.")
    metabase_password: SecretStr | None = Field(None, description="The user's password.")
    metabase_database_id: int | None = Field(None, ge=1, description="Which database is queried.")
    metabase_name: str | None = Field(
        None, description="Name that runs are remembered by; unset: host and database id."
    )
    metabase_sql_dir: Path = Field(
        PROJECT_DIR / "extract" / "metabase" / "sql", description="One SQL file per raw table."
    )
    metabase_since: datetime | None = Field(
        None, description="Changes before this moment are never read; unset: everything."
    )
    metabase_lookback_days: float = Field(
        3, ge=0, le=3650, description="How far each run overlaps the last, for late commits."
    )
    metabase_page_rows: int = Field(
        100_000, ge=1, le=1_000_000, description="Most rows of one export."
    )
    metabase_timeout_seconds: float = Field(
        1500, gt=0, description="Longest silence of the server; its own query limit is 20 minutes."
    )
    metabase_retry_seconds: float = Field(
        1, ge=0, description="First pause before asking again; it doubles each time."
    )
    rates_url: str | None = Field(
        None, description="Where the ECB's rate history is refreshed from; unset: not at all."
    )
    rates_file: Path | None = Field(
        None, description="The owner's own rates: a CSV of date, currency, usd_per_unit."
    )
    sub_channels_file: Path = Field(
        PROJECT_DIR / "seeds" / "channels" / "sub_channels.csv",
        description="The seed that says which sub-channels exist.",
    )
    shopify_store: str | None = Field(None, description="Handle of the shop.")
    shopify_url: str | None = Field(None, description="Base URL in place of the shop's own.")
    shopify_access_token: SecretStr | None = Field(None, description="Admin API access token.")
    shopify_client_id: str | None = Field(None, description="App that asks for its own tokens.")
    shopify_client_secret: SecretStr | None = Field(None, description="Its secret.")
    shopify_api: Literal["graphql", "rest"] = Field("graphql", description="Which API to read.")
    shopify_api_version: str | None = Field(None, description="In place of the pinned version.")
    shopify_since: datetime | None = Field(
        None, description="The first load starts here, UTC; unset means everything."
    )
    shopify_lookback_hours: int = Field(
        24, ge=0, description="Each run overlaps the last: search lags, children come later."
    )
    shopify_return_sweep_days: int = Field(
        60, ge=0, description="Orders with finished returns are read again for so long."
    )
    shopify_bulk_above: int = Field(
        25_000, ge=0, description="With --api auto, more orders than this go by bulk operation."
    )

    @field_validator(
        "raw_dir",
        "warehouse_dir",
        "build_database",
        "marketplace_dir",
        "marketplace_layouts_dir",
        "metabase_sql_dir",
        "rates_file",
        "sub_channels_file",
    )
    @classmethod
    def _expand_home(cls, value: Path | None) -> Path | None:
        return value.expanduser() if value is not None else None

    @field_validator("marketplace_folders", mode="before")
    @classmethod
    def _parse_folders(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(parse_folder(entry) for entry in value.split(",") if entry.strip())


def parse_folder(entry: str) -> tuple[str, Path]:
    """Split `onbuy=path` into the sub-channel and its folder.

    Errors: ValueError when either side of the equals sign is missing.
    """
    name, equals, path = entry.partition("=")
    if not equals or not name.strip() or not path.strip():
        raise ValueError(f"{entry!r} is not of the form sub_channel=path, as in onbuy=exports")
    return name.strip(), Path(path.strip()).expanduser()


def load_settings() -> Settings:
    """Read the environment and `.env`.

    Errors: ExtractError with the first setting at fault, named as it is written in `.env`.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]).upper() if first["loc"] else "the settings"
        text = first["msg"].removeprefix("Value error, ")
        raise ExtractError(f"{name}: {text}; correct it in .env or the environment") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ExtractError(
            f".env can't be read ({type(error).__name__}); save it as UTF-8 text that you may read"
        ) from None
