"""Numbers on the command line: what is none is told with its bounds, in one line, status 2."""

from __future__ import annotations

import pytest

from injector_conformance import cli

WRONG = (
    ("check --jobs x", "'x' is no whole number of at least 1"),
    ("check --jobs 0", "'0' is no whole number of at least 1"),
    ("check --timeout soon", "'soon' is no number above 0"),
    ("check --timeout inf", "'inf' is no number above 0"),
    ("check --timeout nan", "'nan' is no number above 0"),
    ("bench --rounds 1e3", "'1e3' is no whole number from 1 to 10,000"),
    ("bench --fail-above 1", "'1' is no number above 1"),
    ("size --fail-over -1 f", "'-1' is no whole number of at least 0"),
    (
        "pack --chunk-size 2_000_000 f",
        "'2_000_000' is no whole number from 1 to 1,048,576: a Conf",
    ),
    ("pack --node-port 65536 f", "'65536' is no whole number from 1 to 65,535"),
    ("cluster --user 0 -- f", "'0' is no whole number from 1 to 2,147,483,647: no injector runs"),
)


@pytest.mark.parametrize(("line", "said"), WRONG)
def test_what_is_no_number(line: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(line.split())

    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1
