"""Runs sources one after another; knows the landing, and nothing of any one source."""

from collections.abc import Sequence

from extract.landing import SourceLanding, open_landing
from extract.marketplace.source import MARKETPLACE, marketplace_is_configured
from extract.metabase.source import METABASE, metabase_is_configured
from extract.progress import Reporter
from extract.rates.source import RATES
from extract.settings import Settings
from extract.shopify.shop import shop_is_configured
from extract.shopify.source import SHOPIFY
from extract.sources import Options, Source, Summary

SOURCES: dict[str, Source] = {
    source.name: source for source in (MARKETPLACE, METABASE, SHOPIFY, RATES)
}


def run_source(
    source: Source,
    settings: Settings,
    reporter: Reporter | None = None,
    options: Options | None = None,
) -> Summary:
    """Extract one source into RAW_DIR, or write its one empty run when it is not configured.

    Errors: ExtractError, with one line for a person; then nothing of the run is kept.
    """
    reporter = reporter or Reporter(quiet=True)
    options = options or Options()
    with open_landing(settings.raw_dir, source.name) as landing:
        job = source.prepare(settings, options, landing.manifests, reporter)
        if options.dry_run:
            plan = [f"not configured: {source.to_configure}"] if job is None else [*job.plan()]
            return Summary(source.name, job is not None, None, told=plan)
        if job is None:
            return _land_empty(source, landing)
        with landing.start_run(source.tables) as run:
            told = [*job.land(run, reporter)]
            manifest = run.commit()
        for warning in manifest.warnings:
            reporter.warn(f"{source.name}: {warning}")
        rows = {name: table.rows for name, table in manifest.tables.items()}
        return Summary(source.name, True, run.run_id, rows, manifest.warnings, manifest, told)


def run_all(
    settings: Settings, reporter: Reporter | None = None, options: Options | None = None
) -> list[Summary]:
    """Extract every source. A source that is not configured never stops the others."""
    return [run_source(source, settings, reporter, options) for source in SOURCES.values()]


def run_marketplace(
    settings: Settings, reporter: Reporter | None = None, options: Options | None = None
) -> Summary:
    """Extract the drop folder of marketplace reports."""
    return run_source(MARKETPLACE, settings, reporter, options)


def run_rates(
    settings: Settings, reporter: Reporter | None = None, options: Options | None = None
) -> Summary:
    """Extract the ECB reference rates."""
    return run_source(RATES, settings, reporter, options)


def configured_sources(settings: Settings) -> Sequence[str]:
    """Name the sources of business data that are configured; none means demo mode."""
    found = {
        MARKETPLACE.name: marketplace_is_configured(settings),
        METABASE.name: metabase_is_configured(settings),
        SHOPIFY.name: shop_is_configured(settings),
    }
    return [name for name, is_configured in found.items() if is_configured]


def _land_empty(source: Source, landing: SourceLanding) -> Summary:
    if landing.holds(source.tables):
        told = [f"not configured, earlier runs stay as they are; {source.to_configure}"]
        return Summary(source.name, False, None, told=told)
    with landing.start_run(source.tables) as run:
        manifest = run.commit(is_empty_run=True)
    told = [f"not configured, one empty run written; {source.to_configure}"]
    return Summary(source.name, False, run.run_id, manifest=manifest, told=told)
