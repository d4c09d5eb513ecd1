"""`python -m serve resolve`: decide on orders, and look at what was decided."""

import getpass
from pathlib import Path

import click

_EXAMPLES = """\b
Examples:
  python -m serve resolve --list
  python -m serve resolve --order shopify:hewyn:5732 --reason LATE_DELIVERY
  python -m serve resolve --order HW-1001 --reason NEEDS_RECONCILIATION --expires 14d
  python -m serve resolve --order HW-1001 --reopen --comment 'the carrier found it'
  python -m serve resolve --order HW-1001 --assign mia
  python -m serve resolve --from-csv decisions.csv
  python -m serve resolve --history --order HW-1001
"""


class _WithReasons(click.Command):
    """Lists the reasons of the seed below the options."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_epilog(ctx, formatter)
        from extract.settings import PROJECT_DIR
        from serve.decisions.reasons import read_reasons

        with formatter.section("Reasons (* wants a comment)"):
            formatter.write_dl(
                [
                    (f"{reason.code}{' *' if reason.requires_comment else ''}", reason.label)
                    for reason in read_reasons(PROJECT_DIR).reasons
                ]
            )


@click.command(
    "resolve",
    cls=_WithReasons,
    epilog=_EXAMPLES,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option("--order", metavar="ORDER", help="Key, number or name of the order.")
@click.option("--reason", metavar="REASON", help="Code or label of one of the reasons below.")
@click.option("--comment", metavar="TEXT", help="What the next person should know; no contacts.")
@click.option(
    "--expires",
    metavar="DAY",
    help="When the order comes back: 2026-12-31 (that day included), 30d or never. "
    "Default: as the reason has it.",
)
@click.option(
    "--actor",
    envvar="DECISION_ACTOR",
    metavar="NAME",
    help="Who decides. Default: DECISION_ACTOR, else the user of this machine.",
)
@click.option("--reopen", is_flag=True, help="Take the decision on --order back.")
@click.option("--assign", "assignee", metavar="NAME", help="Hand --order to someone.")
@click.option(
    "--from-csv",
    "csv_file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Resolve many: columns order, reason, comment, expires. All of it or nothing.",
)
@click.option("--list", "is_list", is_flag=True, help="Show the queue as it stands now.")
@click.option("--history", is_flag=True, help="Show what was decided, of --order or of all.")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="Rows shown.")
@click.option(
    "--idempotency-key",
    metavar="KEY",
    help="For scripts that try again: the same key is recorded once.",
)
def resolve(
    order: str | None,
    reason: str | None,
    comment: str | None,
    expires: str | None,
    actor: str | None,
    reopen: bool,
    assignee: str | None,
    csv_file: Path | None,
    is_list: bool,
    history: bool,
    limit: int,
    idempotency_key: str | None,
) -> None:
    """Resolve an order with a reason; the decision holds in every later scan.

    Resolved orders leave the queue at once, and rankings at the next build. They come back when the
    decision ends or new refunds arrive. Decisions are only ever added to, never changed.
    """
    _check_mode(
        {
            "--reopen": reopen,
            "--assign": assignee is not None,
            "--from-csv": csv_file is not None,
            "--list": is_list,
            "--history": history,
            "--reason": reason is not None,
        }
    )
    # Imported here because they load DuckDB, which `--help` does not need.
    from serve.decisions import command
    from serve.decisions.recorder import Request
    from serve.workspace import open_workspace

    workspace = open_workspace()
    who = actor or getpass.getuser()
    if csv_file is not None:
        _refuse_with("--from-csv", {"--order": order, "--comment": comment, "--expires": expires})
        command.record_file(workspace, csv_file, who)
    elif is_list:
        _refuse_with("--list", {"--order": order, "--comment": comment, "--expires": expires})
        command.list_queue(workspace, limit, who)
    elif history:
        command.show_history(workspace, order, limit)
    else:
        if not order:
            raise click.UsageError("name the order with --order, or look at the queue with --list")
        action = "reopen" if reopen else "assign" if assignee is not None else "resolve"
        if action != "resolve":
            _refuse_with("--reopen" if reopen else "--assign", {"--expires": expires})
        command.record_one(
            workspace,
            Request(
                action=action,  # type: ignore[arg-type]
                order=order,
                actor=who,
                reason=reason,
                comment=comment,
                expires=expires,
                assignee=assignee,
                idempotency_key=idempotency_key,
            ),
        )


def _check_mode(modes: dict[str, bool]) -> None:
    chosen = [name for name, is_chosen in modes.items() if is_chosen]
    if len(chosen) > 1:
        raise click.UsageError(f"{' and '.join(chosen)} do not go together; choose one")


def _refuse_with(mode: str, options: dict[str, str | None]) -> None:
    if given := [name for name, value in options.items() if value is not None]:
        raise click.UsageError(f"{given[0]} does not go with {mode}; leave it out")
