"""Source `marketplace` as the runner sees it."""

from collections.abc import Sequence

from extract.errors import ExtractError
from extract.manifest import Manifest
from extract.marketplace.tables import SOURCE_NAME, TABLES
from extract.progress import Reporter
from extract.settings import Settings
from extract.sources import Job, Options, Source


def prepare(
    settings: Settings, _options: Options, _manifests: Sequence[Manifest], _reporter: Reporter
) -> Job | None:
    """Look at the drop folder; None when neither MARKETPLACE_DIR nor a folder is set."""
    if settings.marketplace_dir is None and not settings.folders():
        return None
    raise ExtractError("reading report files is not built yet; unset MARKETPLACE_DIR")


MARKETPLACE = Source(
    name=SOURCE_NAME,
    tables=TABLES,
    to_configure="set MARKETPLACE_DIR to a folder with one subfolder a sub-channel",
    prepare=prepare,
)
