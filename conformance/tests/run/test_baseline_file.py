"""Baselines as files: what is refused, and what stays when one is written anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from injector_conformance.run.baseline import (
    EMPTY,
    UNEXPLAINED,
    Accepted,
    Baseline,
    BaselineError,
    Deviation,
    read,
    renewed,
    write,
)

REQUIREMENTS = {"RUN-3", "TAR-2"}
CASES = {"tar-x", "tar-z"}


def read_text(tmp_path: Path, text: str) -> Baseline:
    path = tmp_path / "baseline.toml"
    path.write_text(text)
    return read(path, REQUIREMENTS, CASES)


def test_written_and_read_again(tmp_path: Path) -> None:
    entries = (
        Accepted(
            "RUN-3", (), 'a "quoted" \\ reason\nin two lines\x7f\t\x01', "https://example.org"
        ),
        Accepted("", ("tar-x",), "old reader"),
        Accepted("TAR-2", ("tar-x", "tar-z"), "old reader"),
        Accepted("TAR-2", (), "slow reader", sometimes=True),
    )
    write(tmp_path / "baseline.toml", entries)

    assert read(tmp_path / "baseline.toml", REQUIREMENTS, CASES).entries == entries


def test_nothing_accepted(tmp_path: Path) -> None:
    assert read_text(tmp_path, "").entries == EMPTY.entries


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("nonsense", "is not TOML"),
        ("other = 1", "and nothing else"),
        ("accepted = 1", "and nothing else"),
        ('[[accepted]]\nreason = "r"', "name a requirement, a case, or both"),
        ('[[accepted]]\nrequirement = "RUN-3"\ncases = []\nreason = "r"', "without them"),
        ('[[accepted]]\ncase = "tar-x"\ncases = ["tar-z"]\nreason = "r"', "without them"),
        ('[[accepted]]\nrequirement = "RUN-99"\nreason = "r"', "no requirement RUN-99"),
        ('[[accepted]]\ncase = "tar-y"\nreason = "r"', "no case tar-y"),
        ('[[accepted]]\ncase = "tar-x"\nreason = "r"\nurl = "u"', "unknown key url"),
        ("[[accepted]]\ncase = 1", "holds texts"),
        ('[[accepted]]\ncase = "tar-x"\nsometimes = 1\nreason = "r"', "true or false"),
        ('[[accepted]]\ncases = "tar-x"\nreason = "r"', "a list of them"),
        ('[[accepted]]\ncase = "tar-x"\nreason = "r"\n' * 2, "stands twice"),
    ],
)
def test_refusals_name_file_and_reason(tmp_path: Path, text: str, phrase: str) -> None:
    with pytest.raises(BaselineError) as caught:
        read_text(tmp_path, text)
    assert phrase in str(caught.value)
    assert "baseline.toml" in str(caught.value)


@pytest.mark.parametrize(
    "reason",
    [
        "",
        " ",
        "\u00a0",
        "-",
        "...",
        "?",
        "TODO",
        "todo: say why",
        "FIXME later",
        "<reason>",
        "n/a",
        "TBD.",
        UNEXPLAINED,
        "broken when this baseline was written; say here why that is accepted",
    ],
)
def test_a_placeholder_is_no_reason(tmp_path: Path, reason: str) -> None:
    write(tmp_path / "baseline.toml", [Accepted("RUN-3", (), reason)])

    with pytest.raises(BaselineError, match="say in reason"):
        read(tmp_path / "baseline.toml", REQUIREMENTS, CASES)


def test_no_reason_at_all(tmp_path: Path) -> None:
    with pytest.raises(BaselineError, match="say in reason"):
        read_text(tmp_path, '[[accepted]]\nrequirement = "RUN-3"')


@pytest.mark.parametrize("reason", ["todos os dias", "reasons of size", "none of our tools does"])
def test_a_reason_may_begin_like_one(tmp_path: Path, reason: str) -> None:
    write(tmp_path / "baseline.toml", [Accepted("RUN-3", (), reason)])

    assert read(tmp_path / "baseline.toml", REQUIREMENTS, CASES).entries[0].reason == reason


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(BaselineError, match="No such file"):
        read(tmp_path / "nothing.toml", set(), set())


class TestRenewed:
    X, Z = Deviation("TAR-2", "tar-x", ("TAR-2",)), Deviation("TAR-2", "tar-z", ("TAR-2",))
    JUDGED = frozenset({("TAR-2", "tar-x"), ("TAR-2", "tar-z")})

    def renew(self, *entries: Accepted, broken: list[Deviation]) -> tuple[Accepted, ...]:
        return renewed(Baseline("b", entries), self.JUDGED, broken).entries

    def test_new_ones_are_per_case_and_unexplained(self) -> None:
        assert self.renew(broken=[self.X, self.Z]) == (
            Accepted("TAR-2", ("tar-x", "tar-z"), UNEXPLAINED),
        )

    def test_what_is_written_by_hand_stays(self) -> None:
        old = Accepted("TAR-2", ("tar-x",), "old reader", "https://example.org")

        assert self.renew(old, broken=[self.X, self.Z]) == (
            old,
            Accepted("TAR-2", ("tar-z",), UNEXPLAINED),
        )

    @pytest.mark.parametrize(
        "old", [Accepted("TAR-2", (), "old reader"), Accepted("", ("tar-x",), "old reader")]
    )
    def test_entries_of_other_forms_stay(self, old: Accepted) -> None:
        assert self.renew(old, broken=[self.X]) == (old,)

    def test_what_is_mended_goes(self) -> None:
        old = Accepted("TAR-2", ("tar-x", "tar-z"), "old reader")

        assert self.renew(old, broken=[self.Z]) == (Accepted("TAR-2", ("tar-z",), "old reader"),)
        assert self.renew(Accepted("TAR-2", (), "old"), broken=[]) == ()

    def test_what_was_not_judged_stays(self) -> None:
        old = (Accepted("RUN-3", (), "silent"), Accepted("RUN-3", ("tar-x",), "silent there"))

        assert self.renew(*old, broken=[]) == old

    def test_what_is_seen_sometimes_stays_where_it_is_not_seen(self) -> None:
        old = Accepted("TAR-2", ("tar-x",), "slow reader", sometimes=True)

        assert self.renew(old, broken=[]) == (old,)

    def test_comments_at_the_head_stay(self, tmp_path: Path) -> None:
        path = tmp_path / "baseline.toml"
        path.write_text("# ours\n# kept\n\n[[accepted]]\n")
        write(path, [])

        assert path.read_text() == "# ours\n# kept\n"
