import sys
from subprocess import PIPE, Popen
from typing import Any

import pytest
from handmade import MARTS, as_demo, ask, make_build

from serve import record
from serve.errors import ServeError
from serve.publish import publish
from serve.workspace import Workspace


def _published_id(workspace: Workspace) -> str:
    rows = ask(workspace.warehouse_dir / "marts.duckdb", "select publication_id from publication")
    return str(rows[0][0])


def _leftovers(workspace: Workspace) -> list[str]:
    folder = workspace.warehouse_dir
    return [str(path) for path in folder.rglob("*") if ".new" in path.name or "spill" in path.name]


@pytest.mark.parametrize(
    ("build", "message"),
    [
        ({"statuses": {"not_null": "fail"}}, "test not_null ended as fail"),
        ({"statuses": {"orders": "error", "not_null": "skipped"}}, "ended as error and 1 more"),
        ({"statuses": {"products": "partial success"}}, "ended as partial success"),
        ({"without_results": ["products"]}, "1 of 4 steps did not run, the first is model product"),
        ({"without_results": ["not_null"]}, "the first is test not_null"),
        ({"arguments": {"which": "run"}}, "it was `dbt run`"),
        ({"arguments": {"which": "build", "empty": True}}, "--empty"),
        ({"record_changes": {"invocation_id": "2"}}, "not those of the last build"),
        ({"record_changes": {"is_demo": True}}, "was built from demo data"),
    ],
)
def test_only_a_complete_build_is_published(
    workspace: Workspace, build: dict[str, Any], message: str
) -> None:
    make_build(workspace, **build)
    with pytest.raises(ServeError, match=message):
        publish(workspace)
    assert not workspace.warehouse_dir.exists()


def test_after_a_failed_test_the_last_good_publication_stays(workspace: Workspace) -> None:
    make_build(workspace)
    good = publish(workspace).publication.publication_id
    make_build(workspace, statuses={"not_null": "fail"})
    with pytest.raises(ServeError):
        publish(workspace)
    assert _published_id(workspace) == good


def test_a_warning_does_not_stop_publishing(workspace: Workspace) -> None:
    make_build(workspace, statuses={"not_null": "warn"})
    assert publish(workspace).rows["orders"] == 2000


def test_a_build_that_was_begun_again_and_not_finished_is_refused(workspace: Workspace) -> None:
    make_build(workspace)
    record.withdraw(workspace.build_record_dir)
    with pytest.raises(ServeError, match="failed or did not finish"):
        publish(workspace)


def test_a_build_database_that_was_written_to_since_is_refused(workspace: Workspace) -> None:
    make_build(workspace)
    import duckdb

    with duckdb.connect(str(workspace.build_database)) as connection:
        connection.execute("delete from orders")
    with pytest.raises(ServeError, match="was written to after it was built"):
        publish(workspace)


def test_without_a_build_the_message_says_what_to_type(workspace: Workspace) -> None:
    with pytest.raises(ServeError, match=r"there is no build database .*run `make build`"):
        publish(workspace)


def test_personal_data_in_a_shared_mart_stops_the_publication(workspace: Workspace) -> None:
    make_build(workspace)
    good = publish(workspace).publication.publication_id
    note = "case when range = 777 then 'ask ann.b+c@mail.example.org' else '5 @ 3 each' end"
    leaky = (
        f"select range as id, 'Ann' as name, 'x' as customer_name, 'x' as buyer_email, "
        f"971501234567 as phone, 'x' as ship_address, {note} as note, "
        "['a', 'ann@example.org'] as notes from range(5000)"
    )
    make_build(workspace, {**MARTS, "leaky": ("core", leaky)})
    with pytest.raises(ServeError, match=r"nothing was published, .* \(and 6 more\)") as refusal:
        publish(workspace)
    assert refusal.value.details == [
        "mart leaky: column name is called like personal data",
        "mart leaky: column customer_name is called like personal data",
        "mart leaky: column buyer_email is called like personal data",
        "mart leaky: column phone is called like personal data",
        "mart leaky: column ship_address is called like personal data",
        "mart leaky: column note holds e-mail addresses (rows: 1)",
        "mart leaky: column notes holds e-mail addresses (rows: 5,000)",
    ]
    assert _published_id(workspace) == good
    assert _leftovers(workspace) == []


def test_harmless_names_pass(workspace: Workspace) -> None:
    columns = (
        "'a' as email_hash, 'b' as phone_hash, 'c' as product_name, '#1' as order_name, "
        "true as has_email, 1 as phone_count, timestamp '2026-01-01' as email_verified_at, "
        "'x' as channel_name, 'Mobile covers' as category, 'c@fe' as brand"
    )
    make_build(workspace, {"harmless": ("core", f"select {columns}")})
    assert publish(workspace).rows == {"harmless": 1}


def test_a_column_that_a_person_reviewed_passes(workspace: Workspace) -> None:
    column = {"name": "name", "description": "Of a brand.", "meta": {"personal_data": False}}
    make_build(
        workspace,
        {"brands": ("core", "select 'Acme' as name")},
        changes={"brands": {"columns": {"name": column}}},
    )
    assert publish(workspace).rows == {"brands": 1}


def test_demo_data_does_not_replace_real_data_unless_forced(workspace: Workspace) -> None:
    make_build(workspace)
    good = publish(workspace).publication.publication_id
    demo = as_demo(workspace)
    make_build(demo)
    with pytest.raises(ServeError, match="holds real data and no source is configured"):
        publish(demo)
    assert _published_id(workspace) == good
    publish(demo, force=True)
    assert ask(workspace.warehouse_dir / "marts.duckdb", "select is_demo from publication") == [
        (True,)
    ]
    publish(demo)
    make_build(workspace)
    publish(workspace)
    assert ask(workspace.warehouse_dir / "marts.duckdb", "select is_demo from publication") == [
        (False,)
    ]


def test_demo_data_does_not_replace_a_file_that_may_be_real(workspace: Workspace) -> None:
    workspace.warehouse_dir.mkdir()
    (workspace.warehouse_dir / "marts.duckdb").write_bytes(b"not a database, but somebody's")
    demo = as_demo(workspace)
    make_build(demo)
    with pytest.raises(ServeError, match="can't be read and may be real"):
        publish(demo)


def test_two_marts_of_one_name_are_refused(workspace: Workspace) -> None:
    make_build(workspace, changes={"products": {"alias": "orders"}})
    with pytest.raises(ServeError, match="two published tables would be called orders"):
        publish(workspace)


def test_a_mart_that_dbt_did_not_leave_in_the_file_is_named(workspace: Workspace) -> None:
    make_build(workspace, changes={"products": {"schema": "elsewhere"}})
    with pytest.raises(ServeError, match=r"mart products .* is not in the build database"):
        publish(workspace)
    assert _leftovers(workspace) == []


def test_two_publishers_at_once_do_not_mix(workspace: Workspace) -> None:
    make_build(workspace)
    publish(workspace)
    hold = (
        "import fcntl, sys; f = open(sys.argv[1]); fcntl.flock(f, fcntl.LOCK_EX); "
        "print('held', flush=True); sys.stdin.read()"
    )
    lock = workspace.warehouse_dir / ".publish.lock"
    with Popen([sys.executable, "-c", hold, str(lock)], stdin=PIPE, stdout=PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(ServeError, match="another process is publishing"):
            publish(workspace)
        other.communicate()
    publish(workspace)


def test_a_build_file_held_by_a_writer_is_named(workspace: Workspace) -> None:
    make_build(workspace)
    hold = (
        "import duckdb, sys; c = duckdb.connect(sys.argv[1]); "
        "print('held', flush=True); sys.stdin.read()"
    )
    path = str(workspace.build_database)
    with Popen([sys.executable, "-c", hold, path], stdin=PIPE, stdout=PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(ServeError, match=r"build\.duckdb is open for writing"):
            publish(workspace)
        other.communicate()
