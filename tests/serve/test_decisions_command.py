from collections.abc import Callable
from pathlib import Path

import pytest
from decided_marts import DELAYED, DOUBLED, QUIET, TWICE, publish_by_hand

from extract.settings import Settings
from serve.cli import main
from serve.decisions.event import DecisionEvent
from serve.decisions.log import DecisionLog

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def company(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Stand in a folder of one's own with one configured source and a publication."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MARKETPLACE_DIR", str(tmp_path / "drop"))
    monkeypatch.setenv("DECISION_ACTOR", "mia")
    monkeypatch.setenv("COLUMNS", "110")
    publish_by_hand(tmp_path / "warehouse")
    return tmp_path


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(["resolve", *arguments])
        streams = capsys.readouterr()
        return code, streams.out, streams.err

    return run


def events(company: Path) -> list[DecisionEvent]:
    return DecisionLog(company / "data" / "raw").events()


def test_resolves_by_number_and_label_on_the_evidence_published(call: Call, company: Path) -> None:
    code, out, err = call("--order", "#1001", "--reason", "needs reconciliation")
    assert (code, err) == (0, "")
    assert f"{DELAYED}: resolved as NEEDS_RECONCILIATION until " in out
    (event,) = events(company)
    assert (event.subject_key, event.actor, event.evidence_hash) == (DELAYED, "mia", "h1")
    assert str(event.refund_usd_at_decision) == "12.5000"
    assert event.publication_id == "20261031T000000000000Z"
    assert event.effective_at == event.recorded_at
    assert event.expires_at is not None
    assert (event.expires_at - event.recorded_at).days in (13, 14)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--order", "nobody", "--reason", "LATE_DELIVERY"), "there is no order 'nobody'"),
        (("--order", "77", "--reason", "LATE_DELIVERY"), "2 orders are called '77'"),
        (("--order", QUIET, "--reason", "LATE"), "did you mean LATE_DELIVERY"),
        (("--order", QUIET, "--reason", "xyzzy"), "there is no reason 'xyzzy'; --help lists them"),
        (("--order", QUIET), "is given no reason"),
        (("--order", QUIET, "--reason", "FALSE_POSITIVE"), "wants a comment"),
        (("--order", QUIET, "--reason", "FALSE_POSITIVE", "--comment", " "), "wants a comment"),
        (
            ("--order", QUIET, "--reason", "OUT_OF_STOCK", "--comment", "ask a@b.example"),
            "the comment holds an e-mail address",
        ),
        (("--order", QUIET, "--reason", "OUT_OF_STOCK", "--expires", "soon"), "no day to end"),
        (("--order", QUIET, "--reason", "OUT_OF_STOCK", "--expires", "2020-01-01"), "not after"),
        (("--order", QUIET, "--reopen"), "is open already"),
        (("--order", QUIET, "--assign", "a@b.example"), "is no assignee"),
        (("--reason", "OUT_OF_STOCK"), "name the order with --order"),
        (("--order", QUIET, "--reason", "OUT_OF_STOCK", "--reopen"), "do not go together"),
        (("--from-csv", "absent.csv"), "absent.csv can't be read"),
    ],
)
def test_what_can_not_be_accepted_is_refused_in_a_sentence(
    call: Call, company: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    code, out, err = call(*arguments)
    assert (code, out) == (2, "")
    assert sentence in err
    assert "Traceback" not in err
    assert events(company) == []


def test_the_list_shows_decisions_at_once(call: Call) -> None:
    code, out, _ = call("--list")
    assert code == 0
    assert out.index(DELAYED) < out.index(DOUBLED)
    assert "waiting for a decision: 2, shown: 2" in out
    # Text of a source is never markup.
    assert "[bold]seen[/]" in out
    call("--order", DELAYED, "--reason", "LATE_DELIVERY")
    _, out, _ = call("--list")
    assert DELAYED not in out
    assert "waiting for a decision: 1, shown: 1; decided since the publication: 1" in out
    call("--order", DELAYED, "--reopen")
    _, out, _ = call("--list")
    assert DELAYED in out
    assert "reopened" in out


def test_history_keeps_every_decision(call: Call) -> None:
    call("--order", DELAYED, "--reason", "OUT_OF_STOCK", "--comment", "the supplier is closed")
    call("--order", DELAYED, "--reopen", "--comment", "open again")
    call("--order", DELAYED, "--assign", "ali")
    call("--order", DOUBLED, "--reason", "LATE_DELIVERY")
    _, out, _ = call("--history", "--order", "#1001")
    lines = out.splitlines()
    assert len(lines) == 3
    assert "resolved as OUT_OF_STOCK  by mia: the supplier is closed" in lines[0]
    assert "reopened  by mia: open again" in lines[1]
    assert "assigned to ali" in lines[2]
    assert len(call("--history")[1].splitlines()) == 4


def test_two_people_on_one_order_are_both_told(call: Call, company: Path) -> None:
    call("--order", DELAYED, "--reason", "LATE_DELIVERY")
    _, out, _ = call("--order", DELAYED, "--reason", "OUT_OF_STOCK", "--actor", "ali")
    assert "mia had decided at " in out
    assert "resolved as LATE_DELIVERY; both stay on record, yours rules" in out
    _, _, err = call("--list")
    assert f"your decision on {DELAYED} (resolved as LATE_DELIVERY) was overruled by ali" in err
    assert len(events(company)) == 2


def test_a_file_is_recorded_whole_and_once(call: Call, company: Path) -> None:
    rows = "".join(f"#9{n};LATE_DELIVERY;;\r\n" for n in range(1000))
    path = company / "decisions.csv"
    path.write_text(f"Order;Reason;Comment;Expires\r\n{rows}", encoding="utf-8-sig", newline="")
    code, out, err = call("--from-csv", str(path))
    assert (code, err) == (0, "")
    assert out == "decisions recorded: 1,000\n"
    _, out, _ = call("--from-csv", str(path))
    assert (
        "decisions recorded: 0\nin the log already, from this file, and left as they are: 1,000"
        in out
    )
    assert len(events(company)) == 1000


def test_one_bad_line_of_a_file_records_nothing(call: Call, company: Path) -> None:
    path = company / "decisions.csv"
    path.write_text(
        "order,reason,comment\n#1001,LATE_DELIVERY,\nnobody,LATE_DELIVERY,\n"
        '#1002,FALSE_POSITIVE,"fine, really"\n1,OUT_OF_STOCK,\n'
    )
    code, out, err = call("--from-csv", str(path))
    assert (code, out) == (2, "")
    assert "line 3: there is no order 'nobody'" in err
    assert "line 5: order '1' is in line 2 already" in err
    assert "2 of 4 decisions can't be accepted, so none was recorded" in err
    assert events(company) == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("order,why\n1,x\n", "has no column reason"),
        ("order,reason,refund\n1,x,2\n", "has a column 'refund'"),
        ("order,reason\n", "holds no decision"),
        ("order,reason,comment\n1,OUT_OF_STOCK,one, two\n", "line 2: more fields"),
    ],
)
def test_a_file_of_another_shape_is_refused(
    call: Call, company: Path, text: str, sentence: str
) -> None:
    path = company / "decisions.csv"
    path.write_text(text)
    code, _, err = call("--from-csv", str(path))
    assert code == 2
    assert sentence in err


def test_the_same_key_is_recorded_once(call: Call, company: Path) -> None:
    arguments = ("--order", QUIET, "--reason", "OUT_OF_STOCK", "--idempotency-key", "k1")
    call(*arguments)
    code, out, _ = call(*arguments)
    assert code == 0
    assert "already on record" in out
    assert len(events(company)) == 1
    assert call("--order", DELAYED, *arguments[2:])[0] == 2


def test_a_warehouse_of_a_fixed_day_decides_as_of_that_day(
    call: Call, company: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AS_OF", "2011-06-01")
    call("--order", QUIET, "--reason", "LOST_OR_NOT_DELIVERED")
    call("--order", TWICE[0], "--reason", "OUT_OF_STOCK", "--expires", "2011-06-30")
    lost, empty = events(company)
    assert f"{lost.effective_at:%Y-%m-%d} {lost.expires_at:%Y-%m-%d}" == "2011-06-01 2011-07-01"
    assert f"{empty.expires_at:%Y-%m-%dT%H:%M}" == "2011-07-01T00:00"


def test_nobody_decides_on_the_demo_company_by_mistake(call: Call, company: Path) -> None:
    publish_by_hand(company / "warehouse", is_demo=True)
    code, _, err = call("--order", QUIET, "--reason", "OUT_OF_STOCK")
    assert code == 1
    assert "what is published is of the demo company" in err


def test_without_a_publication_there_is_nothing_to_decide_on(call: Call, company: Path) -> None:
    (company / "warehouse" / "marts.duckdb").unlink()
    code, _, err = call("--list")
    assert code == 1
    assert err.startswith("error: nothing is published in warehouse; run `make run` first")
