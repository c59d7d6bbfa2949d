"""Real clients and a real cluster on the page, as evidence of chapter CTR."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from injector_conformance.cli import main
from injector_conformance.reports.html.evidence import evidence
from injector_conformance.reports.html.marks import BROKEN, KEPT, OPEN, Mark
from injector_conformance.reports.html.runs import columns
from tests.html import seen

Document = dict[str, Any]
Render = Callable[..., str]


def said(requirement: str, *, clients: Any = (), clusters: Any = ()) -> list[tuple[Mark, str]]:
    found = evidence(clients, clusters, [])
    assert found is not None
    return [(one.mark, one.text) for one in found.of(requirement)]


class TestClients:
    def test_a_requirement_hears_how_many_clients_pulled(self) -> None:
        assert said("CTR-6", clients=[seen.clients()]) == [
            (KEPT, "by tag: 2 of 2 clients, by digest: 2 of 2 clients")
        ]

    @pytest.mark.parametrize(
        ("outcome", "mark", "text"),
        [
            ("failed", BROKEN, "8 at once: 1 of 2 clients"),
            ("unable", KEPT, "8 at once: 1 of 2 clients"),
            ("uncertain", OPEN, "8 at once: 1 of 2 clients"),
            ("none", KEPT, "8 at once: 1 of 1 clients"),
        ],
    )
    def test_only_what_is_its_fault_is_held_against_it(
        self, outcome: str, mark: Mark, text: str
    ) -> None:
        documents = [seen.clients("passed", "passed", outcome)]

        assert said("HTTP-18", clients=documents) == [(mark, text)]

    def test_other_requirements_hear_nothing(self) -> None:
        assert said("CTR-1", clients=[seen.clients()]) == []

    def test_the_table(self, render: Render, good: Document) -> None:
        text = render(("mine", good), clients=[seen.clients("unable", "none", "passed", "failed")])

        assert '<th scope="row">regctl <span class="gist">v0.8.3</span></th>' in text
        assert "other, by tag: cannot do tag" in text
        assert "other, list tags: cannot do tags" in text
        assert "oras was not there: oras not on PATH; install oras" in text
        assert "control docker-registry 2.8.2" in text
        assert "clients failed by the injector" in text
        assert text.count('</span><span class="sr">done</span> range</td>') == 4


class TestCluster:
    def test_steps_and_the_injectors_own_seconds(self, render: Render, good: Document) -> None:
        text = render(("mine", good), clusters=[seen.cluster()])

        assert (
            "5.7 s in all; the injector's own step took 1.9 s, of which Zarf grants it 60." in text
        )
        assert '<th scope="row">the step pull</th>' in text
        assert "the whole story went well" in text
        assert "Besides: it serves as user 1000650000 of group 0 too" in text

    def test_what_was_not_judged_is_no_evidence(self) -> None:
        assert said("CTR-1", clusters=[seen.cluster()]) == []
        assert said("CTR-6", clusters=[seen.cluster()]) == [(KEPT, "by tag and by digest")]

    @pytest.mark.parametrize(
        ("blame", "words"),
        [("injector", "the injector did something wrong"), ("cluster", "nothing is known")],
    )
    def test_a_finding_is_told_with_what_shows_it(
        self, render: Render, good: Document, blame: str, words: str
    ) -> None:
        text = render(("mine", good), clusters=[seen.cluster(seen.finding(blame))])

        assert words in text
        assert "<pre>Failed to pull image: unexpected commit digest</pre>" in text
        assert "3.1 s in all.</p>" in text

    def test_a_story_that_ended_before_its_first_step(
        self, render: Render, good: Document
    ) -> None:
        story = seen.cluster(seen.finding(), steps=[])

        assert "0.0 s in all.</p>" in render(("mine", good), clusters=[story])


class TestPlace:
    def test_without_evidence_there_is_no_section(self, render: Render, good: Document) -> None:
        assert 'id="evidence"' not in render(("mine", good))

    def test_a_requirement_leads_to_its_evidence_and_back(
        self, render: Render, report: Callable[..., Document], case: Callable[..., Document]
    ) -> None:
        document = report({"CTR-6": ("passed", [case("ctr-one")])}, profile="unified")

        text = render(("mine", document), clients=[seen.clients()], clusters=[seen.cluster()])

        assert '<a href="#clients-1">Seen with real clients</a>, injector:' in text
        assert '<a href="#cluster-1">Seen with a cluster</a>, zarf-injector:' in text
        assert '<a href="#CTR-6">CTR-6</a> by tag and by digest' in text
        assert '<a href="#CTR-1">' not in text

    def test_another_file_is_told_apart(self, render: Render, good: Document) -> None:
        other = copy.deepcopy(good)
        other["subject"]["sha256"] = seen.OTHER
        page = render(("mine", good), ("theirs", other), clients=[seen.clients()])
        alone = render(("theirs", other), clients=[seen.clients()])

        assert "The file that is judged on this page: " in page
        assert "Not the file that is judged on this page." not in page
        assert "Not the file that is judged on this page." in alone

    def test_the_same_file_is_found_by_its_digest(self, good: Document) -> None:
        runs = columns([("mine", good)])
        found = evidence([seen.clients(sha256=seen.OTHER)], [seen.cluster()], runs)

        assert found is not None
        assert found.pulls[0].runs == ()
        assert found.stories[0].runs == tuple(runs)


class TestCommand:
    @pytest.fixture
    def call(
        self, tmp_path: Path, good: Document, capsys: pytest.CaptureFixture[str]
    ) -> Callable[..., tuple[int, str]]:
        result = tmp_path / "mine.json"
        result.write_text(json.dumps(good))

        def run(*words: object) -> tuple[int, str]:
            more = [str(word) for word in words]
            status = main(["report", str(result), "-o", str(tmp_path / "site"), *more])
            return status, capsys.readouterr().err

        return run

    def test_several_files_become_sections(
        self, call: Callable[..., tuple[int, str]], tmp_path: Path
    ) -> None:
        clients, cluster = tmp_path / "clients.json", tmp_path / "cluster.json"
        clients.write_text(json.dumps(seen.clients()))
        cluster.write_text(json.dumps(seen.cluster()))

        status, stderr = call("--clients", clients, "--cluster", cluster, "--cluster", cluster)

        assert status == 0, stderr
        text = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
        assert '<a href="#evidence">Evidence</a>' in text
        assert all(f'id="{one}"' in text for one in ("clients-1", "cluster-1", "cluster-2"))

    @pytest.mark.parametrize(
        ("option", "content", "phrase"),
        [
            ("clients", None, "cannot be read: No such file or directory"),
            ("cluster", b"nothing", "not JSON"),
            ("clients", b"[]", "not an output of clients --json"),
            ("cluster", seen.clients(), "not an output of cluster --json"),
            ("clients", seen.cluster(), "not an output of clients --json"),
            (
                "cluster",
                seen.cluster(schema="2.0.0"),
                "schema 2.0.0, but this version reads 1.0.0",
            ),
            ("cluster", seen.cluster(image=None), "at $.image: None is not of type 'string'"),
            ("cluster", seen.cluster(steps=[{}]), "at $.steps[0]: 'id' is a required property"),
        ],
    )
    def test_a_wrong_file_gets_one_line(
        self,
        call: Callable[..., tuple[int, str]],
        tmp_path: Path,
        option: str,
        content: Any,
        phrase: str,
    ) -> None:
        path = tmp_path / "seen.json"
        if content is not None:
            path.write_bytes(
                content if isinstance(content, bytes) else json.dumps(content).encode()
            )

        status, stderr = call(f"--{option}", path)

        assert status == 2
        assert stderr.startswith(f"injector-conformance: {path}: ")
        assert phrase in stderr
        assert len(stderr.splitlines()) == 1
        assert not (tmp_path / "site").exists()
