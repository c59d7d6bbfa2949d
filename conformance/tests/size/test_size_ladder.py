"""The size ladder: its figures, its table, its picture, and the committed ones."""

from __future__ import annotations

import itertools
import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from injector_conformance.size.budgets import CONFIGMAP_LIMIT, NOTE_TITLE
from injector_conformance.size.ladder import markdown, picture
from injector_conformance.size.ladder.__main__ import main
from injector_conformance.size.ladder.figures import (
    Ladder,
    LadderError,
    Limit,
    Rung,
    read,
    write,
)
from injector_fixtures.elf import AARCH64, X86_64, Image

COMMITTED = Path(__file__).resolve().parents[3] / "docs" / "ladder.json"

SVG = "{http://www.w3.org/2000/svg}"

LADDER = Ladder(
    date="2026-01-02",
    tools={"rustc": "1.2.3"},
    limits=(Limit(512_000, "the title"), Limit(1_048_576, "1 MiB")),
    rungs=(
        Rung("note", "Told", "by <hand> & eye", {"aarch64": 700_000}, exact=False, remark="M1"),
        Rung("rust-size", "Made", "size", {"x86_64": 400_000, "aarch64": 300_000}, remark="M1"),
        Rung("native", "Made", "native", {"x86_64": 12_744, "aarch64": 12_688}),
        Rung("native-unified", "Made", "serves", {"x86_64": 27_616, "aarch64": 28_112}),
    ),
)


@pytest.fixture
def figures(tmp_path: Path) -> Path:
    path = tmp_path / "ladder.json"
    write(path, LADDER)
    return path


def rust_figures(path: Path, **sizes: int) -> Path:
    built = [
        {
            "program": "zarf-injector",
            "recipe": "size",
            "machine": machine,
            "bytes": size,
            "rustc": "rustc 1.96.0 (x)",
            "linker": "zig cc 0.17.1",
        }
        for machine, size in sizes.items()
    ]
    path.write_text(json.dumps({"built": built}))
    return path


class TestFigures:
    def test_what_is_written_is_read(self, figures: Path) -> None:
        assert read(figures) == LADDER

    @pytest.mark.parametrize(
        "damage",
        [
            lambda content: content.update(schema="other/1"),
            lambda content: content.pop("rungs"),
            lambda content: content["rungs"][0].update(unknown=1),
            lambda content: content["rungs"][0].update(bytes={}),
            lambda content: content["rungs"][0].update(bytes={"x86_64": 0}),
            lambda content: content["rungs"][0].update(bytes={"x86_64": "many"}),
            lambda content: content["rungs"][0].update(bytes={"sparc": 1}),
        ],
    )
    def test_damage_is_refused(
        self, figures: Path, damage: Callable[[dict[str, Any]], object]
    ) -> None:
        content = json.loads(figures.read_text())
        damage(content)
        figures.write_text(json.dumps(content))

        with pytest.raises(LadderError, match=r"ladder\.json: "):
            read(figures)


class TestTable:
    def test_a_row_has_its_figures_and_their_share_of_a_configmap(self) -> None:
        assert "| native | 12,744 (1.2%) | 12,688 (1.2%) |" in markdown.render(LADDER)

    def test_rounded_and_missing_figures(self) -> None:
        assert "by <hand> & eye [1] |  | ≈ 700,000 (66.8%) |" in markdown.render(LADDER)

    def test_a_remark_stands_once(self) -> None:
        page = markdown.render(LADDER)

        assert page.count("\n1. M1\n") == 1
        assert "| size [1] |" in page


class TestPicture:
    @pytest.fixture
    def root(self) -> ET.Element:
        # The parser is not safe on hostile input; this is the picture's own text.
        return ET.fromstring(picture.render(LADDER))  # noqa: S314 - made here

    def test_it_tells_its_content_to_those_who_cannot_see_it(self, root: ET.Element) -> None:
        assert root.get("role") == "img"
        assert root.findtext(f"{SVG}title")
        description = root.findtext(f"{SVG}desc") or ""
        assert "native: 12,744 bytes on x86_64, 12,688 bytes on aarch64" in description

    def test_a_dot_for_every_figure_and_one_each_in_the_legend(self, root: ET.Element) -> None:
        dots = [dot.get("class") for dot in root.iter(f"{SVG}circle")]

        assert dots.count("x86_64") == 3 + 1
        assert dots.count("aarch64") == 4 + 1

    def test_the_scale_is_logarithmic(self) -> None:
        step = picture.place(20_000) - picture.place(10_000)

        assert picture.place(200_000) - picture.place(100_000) == pytest.approx(step)

    def test_everything_is_inside_the_picture(self, root: ET.Element) -> None:
        _, _, width, height = map(float, (root.get("viewBox") or "").split())
        for element in root.iter():
            for name, end in (("x", width), ("cx", width), ("y", height), ("cy", height)):
                assert 0 <= float(element.get(name, "0")) <= end


class TestCommand:
    def test_it_renders_beside_the_figures_and_then_finds_nothing_stale(
        self, figures: Path
    ) -> None:
        assert main([str(figures)]) == 0
        assert figures.with_suffix(".md").is_file()
        assert figures.with_suffix(".svg").is_file()
        assert main([str(figures), "--check"]) == 0

    def test_check_writes_nothing_and_finds_what_is_stale(
        self, figures: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        main([str(figures)])
        figures.with_suffix(".md").write_text("old")

        assert main([str(figures), "--check"]) == 1

        assert figures.with_suffix(".md").read_text() == "old"
        assert "ladder.md is out of date" in capsys.readouterr().err

    def test_new_figures_of_rust(self, figures: Path, tmp_path: Path) -> None:
        new = rust_figures(tmp_path / "new.json", x86_64=111, aarch64=222)

        assert main([str(figures), "--rust", str(new)]) == 0

        ladder = read(figures)
        assert ladder.rungs[1].bytes == {"x86_64": 111, "aarch64": 222}
        assert ladder.tools == {"rustc": "1.96.0", "zig": "0.17.1"}
        assert ladder.date > LADDER.date

    def test_half_of_the_figures_are_none(
        self, figures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        new = rust_figures(tmp_path / "new.json", x86_64=111)

        assert main([str(figures), "--rust", str(new)]) == 2

        assert "needs every recipe" in capsys.readouterr().err
        assert read(figures) == LADDER

    def test_new_figures_of_the_native_builds(self, figures: Path, tmp_path: Path) -> None:
        for machine, number in (("x86_64", X86_64), ("aarch64", AARCH64)):
            content = Image(machine=number).build()
            (tmp_path / f"zarf-injector-{machine}").write_bytes(content)
            (tmp_path / f"zarf-injector-unified-{machine}").write_bytes(content + b"more")

        assert main([str(figures), "--native", str(tmp_path)]) == 0

        size = len(Image().build())
        native, unified = read(figures).rungs[2:]
        assert native.bytes == {"x86_64": size, "aarch64": size}
        assert unified.bytes == {"x86_64": size + 4, "aarch64": size + 4}

    def test_no_native_build(self, figures: Path, tmp_path: Path) -> None:
        assert main([str(figures), "--native", str(tmp_path)]) == 2

    def test_figures_that_are_missing(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main([str(tmp_path / "none.json")]) == 2
        assert "cannot be read" in capsys.readouterr().err


class TestCommitted:
    def test_table_and_picture_are_made_of_the_figures(self) -> None:
        assert main([str(COMMITTED), "--check"]) == 0

    def test_the_limits_are_those_of_chapter_bin(self) -> None:
        assert [limit.bytes for limit in read(COMMITTED).limits] == [NOTE_TITLE, CONFIGMAP_LIMIT]

    @pytest.mark.parametrize("serves", [False, True])
    def test_every_measured_rung_is_smaller_than_the_one_before(self, serves: bool) -> None:
        measured = [
            rung
            for rung in read(COMMITTED).rungs
            if rung.exact and (rung.id == "upstream-today" or "unified" in rung.id) == serves
        ]

        assert len(measured) >= 5
        for above, below in itertools.pairwise(measured):
            for machine, size in below.bytes.items():
                assert size < above.bytes[machine]

    @pytest.mark.parametrize("rung", ["rust-immediate-abort", "rust-unified-immediate-abort"])
    def test_the_last_rust_recipe_is_at_most_200_000_bytes(self, rung: str) -> None:
        [last] = [one for one in read(COMMITTED).rungs if one.id == rung]

        assert max(last.bytes.values()) <= 200_000
