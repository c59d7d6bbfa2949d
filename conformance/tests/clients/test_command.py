"""``injector-conformance clients``, with real clients, on injectors that are right and wrong."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pytest

from injector_conformance import cli
from injector_conformance.clients import sample

REFERENCE = (sys.executable, "-m", "zarf_injector.unified")


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A large layer that is not so large."""
    monkeypatch.setattr(sample, "LARGE_SIZE", 4 * sample.MEBIBYTE)


def clients(*words: str, command: tuple[str, ...] = REFERENCE) -> int:
    return cli.main(["clients", *words, "--", *command])


@pytest.mark.needs("namespaces", "crane", "regctl", "docker-registry")
def test_the_reference_is_pulled_from(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "out.json"
    status = clients("--only", "crane,regctl", "--level", "should", "-v", "--json", str(path))
    told = capsys.readouterr().out
    document = json.loads(path.read_text())
    assert cli.main(["schema", "clients"]) == 0
    schema = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator(schema).validate(document)
    cells = {
        (client["id"], one["trial"]): one
        for client in document["clients"]
        for one in client["results"]
    }

    assert status == 0
    assert {key for key, one in cells.items() if one["outcome"] != "passed"} == {
        ("crane", "cut-1"),
        ("crane", "cut-3"),
    }
    assert cells["crane", "cut-1"]["outcome"] == "unable"
    assert cells["regctl", "cut-3"]["resumed"] == "range"
    assert sum(one["is_cut"] for one in cells["regctl", "cut-3"]["requests"]) == 3
    assert "GET /v2/library/registry/manifests/3.1.1 -> 200" in told
    assert document["verdict"] == "all pulled"


@pytest.mark.needs("namespaces", "crane", "docker-registry")
def test_whoever_dies_at_a_request_failed_its_clients(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "wrong.py"
    wrong.write_text(
        "import http.server, os\n"
        "class Handler(http.server.BaseHTTPRequestHandler):\n"
        "    def do_GET(self):\n"
        "        if 'manifests' in self.path:\n"
        "            os._exit(1)\n"
        "        self.send_response(200)\n"
        "        self.end_headers()\n"
        "http.server.ThreadingHTTPServer(('', 5000), Handler).serve_forever()\n"
    )
    status = clients("--only", "crane", command=(sys.executable, "-P", str(wrong)))
    told = capsys.readouterr().out

    assert status == 1
    assert "crane, by tag: the injector has ended" in told
    assert "verdict: CLIENTS FAILED BY THE INJECTOR (MUST)" in told


@pytest.mark.needs("namespaces", "crane")
def test_without_a_control_a_failure_is_nobodys_fault(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("injector_conformance.clients.control.PROGRAM", "no-such-registry")
    wrong = tmp_path / "wrong.py"
    wrong.write_text(
        "import http.server\n"
        "class Handler(http.server.BaseHTTPRequestHandler):\n"
        "    def do_GET(self):\n"
        "        self.send_response(200 if self.path == '/v2/' else 404)\n"
        "        self.end_headers()\n"
        "http.server.ThreadingHTTPServer(('', 5000), Handler).serve_forever()\n"
    )
    status = clients("--only", "crane", command=(sys.executable, "-P", str(wrong)))
    told = capsys.readouterr().out

    assert status == 3
    assert "verdict: UNCERTAIN" in told
    assert "missing  no-such-registry" in told


@pytest.mark.needs("namespaces", "crane")
def test_whoever_never_serves_fails_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    status = clients("--only", "crane", command=("/bin/false",))

    assert status == 1
    assert capsys.readouterr().err.splitlines()[-1] == (
        "injector-conformance: false did not serve within 60 s, or ended"
    )


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--only", "skopoe"), "--only skopoe: no such client; did you mean skopeo?"),
        (("--profile", "stage1"), "invalid choice: 'stage1'"),
        (("--json", "/nowhere/out.json"), "there is no directory to write it in"),
    ],
)
def test_wrong_usage_is_one_line_and_status_2(
    words: tuple[str, ...], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        status = clients(*words)
    except SystemExit as error:
        status = int(str(error.code))
    lines = capsys.readouterr().err.splitlines()

    assert status == 2
    assert len(lines) == 1
    assert complaint in lines[0]


def test_no_client_at_all_is_no_verdict(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")

    assert clients("--only", "crane") == 3
    assert "no client to pull with: crane: crane not on PATH" in capsys.readouterr().err


@pytest.mark.needs("namespaces", "container", "docker")
def test_interrupted_it_leaves_neither_processes_nor_images(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "injector_conformance", "clients", "--only", "docker"]
    with (tmp_path / "err").open("wb") as err:
        popen = subprocess.Popen(
            [*command, "--", *REFERENCE], stdout=subprocess.DEVNULL, stderr=err
        )
        end = time.monotonic() + 120
        while b"[1/1] docker" not in (tmp_path / "err").read_bytes():
            assert time.monotonic() < end
            time.sleep(0.05)
        time.sleep(1.5)
        children = descendants(popen.pid)
        popen.send_signal(signal.SIGINT)

        assert popen.wait(60) == 130
    listed = ["docker", "image", "ls", "--format", "{{.Repository}}"]
    images = subprocess.run(listed, capture_output=True, text=True, check=True).stdout

    assert (tmp_path / "err").read_text().splitlines()[-1].endswith("interrupted")
    assert children
    assert not [one for one in children if Path(f"/proc/{one}").exists()]
    assert "library/large" not in images
    assert "library/together" not in images


def descendants(process: int) -> list[int]:
    """Everything that a process has started, and they."""
    text = Path(f"/proc/{process}/task/{process}/children").read_text()
    children = [int(word) for word in text.split()]
    return children + [one for child in children for one in descendants(child)]
