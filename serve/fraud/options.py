"""What a person may ask of the report, checked before anything is read."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

from serve.errors import ConfigurationError, ServeError

ALL_STORES = "all"


class StoreRefused(ServeError):
    """The store did not let itself be read: access, scope, limits or network."""

    exit_code = 3


@dataclass(frozen=True)
class FraudOptions:
    """The seven parameters of the report, and where it reads and writes.

    `store` is a sub-channel as in seed sub_channels, or `all`. The rate is a share, 0.4 for 40 %.
    """

    store: str
    days_back: int
    min_orders: int
    return_rate_threshold: float
    wardrobing_window_days: int
    serial_threshold: int
    output_format: Literal["human", "json"]
    from_warehouse: bool
    output_dir: Path | None

    def __post_init__(self) -> None:
        """Check what may come from dbt_project.yml, past the checks of the command line."""
        if self.output_format not in ("human", "json"):
            raise ConfigurationError("format in dbt_project.yml: write human or json")
        if not 0 < self.return_rate_threshold <= 1:
            raise ConfigurationError(
                "return_rate_threshold in dbt_project.yml: write a share, 0.4 for 40 %"
            )

    @property
    def variables(self) -> dict[str, Any]:
        """The parameters as dbt knows them."""
        return {
            "store": self.store,
            "days_back": self.days_back,
            "min_orders": self.min_orders,
            "return_rate_threshold": self.return_rate_threshold,
            "wardrobing_window_days": self.wardrobing_window_days,
            "serial_threshold": self.serial_threshold,
        }


def project_variables(project_dir: Path) -> dict[str, Any]:
    """Read the variables of the dbt project and their values in the file."""
    text = (project_dir / "dbt_project.yml").read_text(encoding="utf-8")
    variables: dict[str, Any] = yaml.safe_load(text)["vars"]
    return variables
