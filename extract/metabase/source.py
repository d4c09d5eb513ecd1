"""Source `metabase`: what to ask for since the last run, and the run that lands it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from urllib.parse import urlsplit

from extract.errors import ExtractError
from extract.landing import Run
from extract.manifest import Manifest, Window
from extract.metabase.client import Access, Client
from extract.metabase.faults import TookTooLong
from extract.metabase.pages import Count, Shop
from extract.metabase.queries import EARLIEST, LATEST, Query, Span, load_queries, moment_text
from extract.metabase.tables import SOURCE_NAME, TABLES
from extract.metabase.windows import GroupReader, windows_of
from extract.progress import Reporter
from extract.settings import Settings
from extract.sources import Options, Source

# Further ahead than any clock is wrong: such a row must not hide what comes before it.
_FUTURE = timedelta(days=1)
_SECOND = timedelta(seconds=1)
# Where counting everything took too long, so would reading it in one window.
_UNCOUNTED_WINDOW = timedelta(days=31)


@dataclass
class MetabaseJob:
    """One reading of the shop, from the last watermark to the last change there is.

    `counts` is empty when counting the whole span at once took too long.
    """

    settings: Settings
    origin: str
    shop: Shop
    queries: Sequence[Query]
    span: Span
    covered: Span
    counts: dict[Query, Count]
    warnings: list[str]

    def plan(self) -> list[str]:
        """Say what would be asked: window, counts, windows and the SQL itself."""
        lines = [f"{self.origin}: would read changes of {self.span}"]
        for name, queries in _groups(self.queries):
            counts = [self.counts[query].rows for query in queries if query in self.counts]
            windows = windows_of(self.span, max(counts, default=0), self.shop.page_rows)
            lines += [f"{name}: window {window}" for window in windows]
            for query in queries:
                rows = f"{self.counts[query].rows:,} rows" if counts else "not counted"
                lines.append(f"{query.table.name}: {rows}, {query.path}:\n{query.sql}")
        return lines + self.warnings

    def land(self, run: Run, reporter: Reporter) -> list[str]:
        """Write all tables. Nothing is kept unless every window proved whole."""
        run.origin = self.origin
        run.window_asked = _window(self.span)
        for warning in self.warnings:
            run.warn(warning)
        self.shop.warn = run.warn
        for _, queries in _groups(self.queries):
            counted = {query: self.counts[query] for query in queries if query in self.counts}
            reader = GroupReader(
                self.shop,
                queries,
                run,
                reporter,
                retry_seconds=self.settings.metabase_retry_seconds,
                widest=None if self.counts else _UNCOUNTED_WINDOW,
            )
            reader.land(self.span, counted or None)
        run.window_covered = _window(self.covered)
        return [f"{self.origin}: changes of {self.span}"]


def _groups(queries: Sequence[Query]) -> list[tuple[str, list[Query]]]:
    grouped = groupby(queries, key=lambda query: query.table.group)
    return [(name, list(members)) for name, members in grouped]


def _window(span: Span) -> Window:
    return Window(since=moment_text(span.since), until=moment_text(span.until))


def metabase_is_configured(settings: Settings) -> bool:
    """Whether there is a Metabase to ask."""
    return settings.metabase_url is not None


def prepare(
    settings: Settings, _options: Options, manifests: Sequence[Manifest], reporter: Reporter
) -> MetabaseJob | None:
    """Check settings, access and every query's columns, and count what is new.

    Errors: ExtractError; nothing has been landed then.
    """
    if not metabase_is_configured(settings):
        return None
    access, database_id = _access(settings)
    now = max(datetime.now(UTC), _utc(settings.as_of or EARLIEST))
    if settings.metabase_since and _utc(settings.metabase_since) > now + _FUTURE:
        raise ExtractError("METABASE_SINCE lies in the future; set it to the first day of the shop")
    queries = load_queries(settings.metabase_sql_dir)
    client = Client(
        access,
        reporter,
        timeout_seconds=settings.metabase_timeout_seconds,
        retry_seconds=settings.metabase_retry_seconds,
    )
    warnings: list[str] = []
    shop = Shop(client, database_id, settings.metabase_page_rows, warnings.append)
    try:
        for query in queries:
            shop.check(query)
        shop.check_exports(queries[0])
    except TookTooLong as fault:
        raise ExtractError(
            f"Metabase at {access.host}: not even an empty window was answered in time ({fault}); "
            "see whether the server is overloaded, and run again"
        ) from None
    origin = settings.metabase_name or f"{access.host} database {database_id}"
    since = _since(settings, [manifest for manifest in manifests if manifest.origin == origin])
    span, counts = _survey(shop, queries, since)
    covered = Span(since, span.until)
    if span.until > now + _FUTURE:
        covered = Span(since, max(now, since))
        warnings.append(
            f"rows have changed in the future, up to {moment_text(span.until)}; they are read "
            "anew each time"
        )
    return MetabaseJob(settings, origin, shop, queries, span, covered, counts, warnings)


def _access(settings: Settings) -> tuple[Access, int]:
    url = urlsplit(settings.metabase_url or "")
    if url.scheme not in ("http", "https") or not url.hostname:
        raise ExtractError("METABASE_URL is no address such as https://metabase.example.com")
    if url.username or url.password or url.query:
        raise ExtractError("METABASE_URL holds more than an address; set METABASE_API_KEY instead")
    has_login = settings.metabase_username and settings.metabase_password
    if not settings.metabase_api_key and not has_login:
        raise ExtractError(
            "METABASE_URL is set without METABASE_API_KEY, or METABASE_USERNAME and "
            "METABASE_PASSWORD; set one or the other"
        )
    if settings.metabase_database_id is None:
        raise ExtractError(
            "METABASE_DATABASE_ID is not set; it is the number in the address of the database's "
            "page in Metabase's admin settings"
        )
    key = settings.metabase_api_key
    if key and not (key.get_secret_value().isascii() and key.get_secret_value().isprintable()):
        raise ExtractError(
            "METABASE_API_KEY holds line breaks or letters that no key has; copy it again"
        )
    access = Access(
        url.geturl(),
        settings.metabase_api_key,
        settings.metabase_username,
        settings.metabase_password,
    )
    return access, settings.metabase_database_id


def _since(settings: Settings, manifests: Sequence[Manifest]) -> datetime:
    """Return where to begin: the watermark less the lookback, unless more is wanted by now.

    The watermark is how far earlier runs reach without a gap from the first day that is wanted.
    """
    wanted = _utc(settings.metabase_since or EARLIEST)
    covered = [manifest.window_covered for manifest in manifests if manifest.window_covered]
    windows = [
        (datetime.fromisoformat(window.since), datetime.fromisoformat(window.until))
        for window in covered
        if window.since and window.until
    ]
    watermark = wanted
    for since, until in sorted(windows):
        if since <= watermark:
            watermark = max(watermark, until)
    return max(watermark - timedelta(days=settings.metabase_lookback_days), wanted)


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _survey(
    shop: Shop, queries: Sequence[Query], since: datetime
) -> tuple[Span, dict[Query, Count]]:
    """Count everything since, and end the window behind its last change.

    By the database's own moments, so that nobody's clock matters.
    """
    everything = Span(since, LATEST)
    try:
        counts = {query: shop.count(query, everything) for query in queries}
    except TookTooLong as fault:
        if since == EARLIEST:
            raise ExtractError(
                f"METABASE_SINCE: counting all rows at once took too long ({fault}); set it to the "
                "first day of the shop, and everything is counted and read in smaller windows"
            ) from None
        return Span(since, max(datetime.now(UTC), since)), {}
    lasts = [_moment(query, count.last) for query, count in counts.items() if count.rows]
    firsts = [_moment(query, count.first) for query, count in counts.items() if count.rows]
    if not lasts:
        return Span(since, since), counts
    until = max(lasts).replace(microsecond=0) + _SECOND
    if since == EARLIEST:
        since = min(firsts).replace(microsecond=0) - _SECOND
    return Span(since, until), counts


def _moment(query: Query, text: str | None) -> datetime:
    try:
        return datetime.fromisoformat(text or "").astimezone(UTC)
    except ValueError:
        raise ExtractError(
            f"{query.path.name}: changed_at is not text such as 2026-10-30T08:15:00Z; "
            "let the SQL return it so"
        ) from None


METABASE = Source(
    name=SOURCE_NAME,
    tables=TABLES,
    to_configure="set METABASE_URL, METABASE_DATABASE_ID and METABASE_API_KEY to read it",
    prepare=prepare,
)
