"""Test `lookup` of seeds: what each rule finds and where it says so; a sound seed passes."""

from pathlib import Path

import pytest
from small_project import SmallProject
from warehouse_run import PROJECT

SEED = """\
seeds:
  - name: currencies
    config:
      column_types:
        {region: varchar, currency: varchar, digits: integer, symbol: varchar, label: varchar}
    data_tests:
      - lookup:
          name: lookup_currencies
          arguments:
            keys: [[region, currency], [symbol]]
            required: [digits]
            accepted_values:
              digits: [0, 2]
              label: [fils, cent]
            rules: ["digits > 0 or label is null", "symbol != 'x''y'"]
"""
SOUND = """\
region,currency,digits,symbol,label
Gulf,AED,2,d,fils
Gulf,SAR,2,s,
"""
FAULTS = """\
Gulf,AED,2,a,fils
Gulf,QAR,,q,fils
Asia,,2,i,fils
Asia,JPY,3,y,fils
Asia,CNY,2,z,jiao
Asia,KRW,0,k,cent
Asia,INR,2,d,fils
Asia,IDR,2,x'y,fils
Asia,THB,2,,fils
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallProject:
    small = SmallProject(tmp_path)
    lookup = (PROJECT / "tests/generic/lookup.sql").read_text(encoding="utf-8")
    small.write({"seeds/currencies.yml": SEED, "tests/generic/lookup.sql": lookup})
    monkeypatch.chdir(tmp_path)
    return small


def test_a_sound_seed_passes(project: SmallProject) -> None:
    (project.home / "seeds/currencies.csv").write_text(SOUND, encoding="utf-8")
    assert [str(result.status) for result in project.dbt("build")] == ["success", "pass"]


def test_every_problem_is_kept_with_the_row_that_has_it(project: SmallProject) -> None:
    (project.home / "seeds/currencies.csv").write_text(SOUND + FAULTS, encoding="utf-8")
    _, test = project.dbt("build")
    assert (str(test.status), test.failures) == ("fail", 11)
    kept = project.ask("select problem, row_key from main_dbt_test__audit.lookup_currencies")
    assert sorted(kept) == [
        ("currency is empty", "Asia"),
        ("digits is empty", "Gulf, QAR"),
        ("digits is none of 0, 2", "Asia, JPY"),
        ("label is none of fils, cent", "Asia, CNY"),
        ("not true: digits > 0 or label is null", "Asia, KRW"),
        ("not true: digits > 0 or label is null", "Gulf, QAR"),
        ("not true: symbol != 'x''y'", "Asia, IDR"),
        ("not true: symbol != 'x''y'", "Asia, THB"),
        ("region, currency occurs more than once", "Gulf, AED"),
        ("symbol is empty", "Asia, THB"),
        ("symbol occurs more than once", "d"),
    ]
