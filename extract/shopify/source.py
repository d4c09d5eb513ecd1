"""The shop as a source: checks the settings, looks at the shop, and decides what to read."""

from collections.abc import Sequence
from datetime import UTC, datetime

from extract.errors import ExtractError
from extract.manifest import Manifest
from extract.progress import Reporter
from extract.settings import Settings
from extract.shopify import tables
from extract.shopify.client import ShopifyClient
from extract.shopify.job import Plan, ShopifyJob
from extract.shopify.preflight import check_reach, look
from extract.shopify.shop import read_shop, shop_is_configured
from extract.shopify.window import as_utc, open_returns, read_window
from extract.sources import Options, Source


def prepare(
    settings: Settings, options: Options, manifests: Sequence[Manifest], reporter: Reporter
) -> ShopifyJob | None:
    """Check the settings, look at the shop and decide the window."""
    if not shop_is_configured(settings):
        return None
    return prepare_with(ShopifyClient(read_shop(settings)), settings, options, manifests, reporter)


def prepare_with(
    client: ShopifyClient,
    settings: Settings,
    options: Options,
    manifests: Sequence[Manifest],
    reporter: Reporter,
) -> ShopifyJob:
    """Do the same with a client that is there already."""
    api = settings.shopify_api
    store = client.shop.store
    if api == "rest" and options.api == "bulk":
        raise ExtractError("--api bulk is GraphQL's; take SHOPIFY_API=rest away, or --api")
    reporter.say(f"shopify: looking at {store}")
    seen = look(client, api)
    server_time = client.server_time()
    now = datetime.fromtimestamp(server_time, UTC) if server_time else datetime.now(UTC)
    # What one API landed is no watermark for the other: REST has no returns.
    origin = f"{store} {api}"
    window = read_window(settings, manifests, origin, now)
    warnings = list(check_reach(seen, window, now, allow_partial=options.allow_partial))
    if seen.api_version is None:
        warnings.append("the answers do not say which API version they are of")
    if api == "rest":
        warnings.append(
            "REST gives no returns, return reasons or return statuses, and transactions of "
            "refunds only"
        )
    known = {}
    if api == "graphql" and not window.is_first:
        known = open_returns(settings.raw_dir, manifests, store)
    plan = Plan(
        api=api,
        how=options.api,
        seen=seen,
        window=window,
        warnings=warnings,
        open_orders=sorted(set(known.values())),
        floor=as_utc(settings.shopify_since),
        sweep_days=settings.shopify_return_sweep_days,
        bulk_above=settings.shopify_bulk_above,
    )
    return ShopifyJob(client, plan, origin)


SHOPIFY = Source(
    name=tables.SOURCE_NAME,
    tables=tables.TABLES,
    to_configure="set SHOPIFY_STORE and SHOPIFY_ACCESS_TOKEN",
    prepare=prepare,
)
