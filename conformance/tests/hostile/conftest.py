"""Subjects that are hostile on purpose, and a look at the host after each of them."""

from __future__ import annotations

import os
import pickle
import platform
import resource
import shutil
import subprocess
import tempfile
import time
import traceback
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pytest

from injector_conformance.cases.case import Case
from injector_conformance.host.removal import remove
from injector_conformance.sandbox import Sandbox, SandboxError, Stop, launcher, place
from injector_conformance.sandbox.launcher import build
from injector_conformance.sandbox.namespaces import Namespaces
from injector_conformance.sessions.trial import new_slot, observe
from injector_conformance.subjects.subject import resolve
from injector_fixtures.layout import subpath

SOURCE: Final = Path(__file__).with_name("hostile.zig")
ORDINARY_USER: Final = 61_500
DEADLINE: Final = 2.0
"""Seconds that a run may take here."""

_PLACES: Final = (Path("/tmp"), Path("/dev/shm"), Path("/var/tmp"))  # noqa: S108 - looked at only
_MOUNTED: Final = "injector-conformance-"
"""What the directories of stages are named; containers of other tests have mounts of their own."""

_MOUNT_POINT: Final = 4
"""Of the fields in /proc/self/mountinfo."""

_SIZE: Final = 64 << 20
_FILES: Final = 20_000


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of one run; ``error`` is the sandbox's own failure, if it failed."""

    status: int = 0
    stopped: Stop | None = None
    stdout: bytes = b""
    outside: tuple[bytes, ...] = ()
    names: tuple[bytes, ...] = ()
    seconds: float = 0.0
    error: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """Runs one after the other on one stage, and the harness that made them."""

    runs: tuple[Seen, ...]
    seconds: float
    memory: int


Judge = Callable[..., Judged]


@pytest.fixture(scope="session")
def public() -> Iterator[Path]:
    """A directory that every user can enter, with the subject and the launcher."""
    folder = Path(tempfile.mkdtemp(prefix="hostile-"))
    folder.chmod(0o755)
    build.build(platform.machine(), folder / "hostile", SOURCE)
    shutil.copy(launcher.program(platform.machine()), folder)
    yield folder
    remove(folder)


@pytest.fixture(params=["root", "ordinary"])
def user(request: pytest.FixtureRequest) -> int:
    """As whom the harness runs: root or an ordinary user, who tests himself alone."""
    if request.param == "root":
        if os.geteuid() != 0:
            pytest.skip("needs root")
        return 0
    return os.geteuid() or ORDINARY_USER


@pytest.fixture
def marker() -> str:
    """The name of a test's processes."""
    return f"h-{uuid.uuid4().hex[:12]}"


@pytest.fixture
def judge(user: int, marker: str, public: Path, ordinary: Case) -> Iterator[Judge]:
    """Judges the hostile subject in a process of its own; then looks at the host."""
    before = look(marker)

    def go(*words: str, program: Path | None = None, **conditions: object) -> Judged:
        case = replace(ordinary, conditions=replace(ordinary.conditions, **conditions))  # type: ignore[arg-type]  # fields by name

        def work() -> tuple[Seen, ...]:
            return tuple(runs(program or public / "hostile", case, marker, words))

        return in_child(work, user, public)

    yield go
    assert look(marker) == before


def runs(program: Path, case: Case, marker: str, words: Sequence[str]) -> Iterator[Seen]:
    """Run the subject once for each word, on one stage, in the usual sandbox."""
    with place.in_memory(_SIZE, _FILES) as work:
        yield from runs_in(Namespaces(), work, program, case, texts(marker, words))


def texts(marker: str, words: Sequence[str]) -> list[str]:
    """What the subject is told by its payload: a name for its processes, and what to do."""
    return [f"{marker} {word}" for word in words]


def runs_in(
    sandbox: Sandbox, work: place.Place | Path, program: Path, case: Case, inits: Sequence[str]
) -> Iterator[Seen]:
    """Run the subject once for each text of its payload, on one stage of a sandbox."""
    sandbox.open(resolve([str(program)]), work)
    try:
        slot = new_slot(sandbox, work / "stage")
        for text in inits:
            init = subpath([text.encode()])
            started = time.perf_counter()
            try:
                found = observe(sandbox, slot, case, init, deadline=DEADLINE, watch=False)
            except (SandboxError, OSError) as error:
                yield Seen(error=str(error), seconds=time.perf_counter() - started)
                continue
            yield Seen(
                status=found.run.status,
                stopped=found.run.stopped,
                stdout=found.run.stdout,
                outside=tuple(change.name for change in found.outside_changes),
                names=tuple(found.tree),
                seconds=time.perf_counter() - started,
            )
    finally:
        sandbox.close()


def in_child(work: Callable[[], tuple[Seen, ...]], user: int, public: Path) -> Judged:
    """Call ``work`` in a copy of this process that is another user."""
    reading, writing = os.pipe()
    started = time.perf_counter()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.close(reading)
            if user != os.geteuid():
                os.setgroups([])
                os.setresgid(user, user, user)
                os.setresuid(user, user, user)
            os.chdir("/")
            launcher.SOURCE = public / "launcher.zig"  # type: ignore[misc]  # where all can reach it
            with os.fdopen(writing, "wb") as file:
                pickle.dump(work(), file)
            status = 0
        except BaseException:
            traceback.print_exc()
            raise
        finally:
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading, "rb") as file:
        told = file.read()
    _, status, usage = os.wait4(child, 0)
    assert status == 0
    seen = pickle.loads(told)  # noqa: S301 - our own words
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    grown = max(0, usage.ru_maxrss - own) << 10
    return Judged(seen, time.perf_counter() - started, grown)


def look(marker: str) -> dict[str, object]:
    """What a subject may not have changed on the host."""
    return {
        "processes": processes(marker),
        "mounts": [
            line
            for line in Path("/proc/self/mountinfo").read_text().splitlines()
            if _MOUNTED in line.split()[_MOUNT_POINT]
        ],
        "set-user-ID files": set_user_id_files(),
        "System V IPC": {
            kind: [
                line.split()[0]
                for line in lines(f"/proc/sysvipc/{kind}")
                if line.split()[0] == "77"
            ]
            for kind in ("shm", "msg", "sem")
        },
        "keys": [line for line in lines("/proc/keys") if marker in line],
        "core pattern": Path("/proc/sys/kernel/core_pattern").read_text(),
        "host name": platform.node(),
    }


def processes(marker: str) -> list[str]:
    """Processes of that name, wherever they run."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if (entry / "comm").read_text().strip() == marker:
                    found.append(entry.name)
            except OSError:
                continue
    return found


def lines(path: str) -> list[str]:
    """The lines of a table of the kernel's; none if it has none."""
    try:
        return [line for line in Path(path).read_text().splitlines() if line.strip()]
    except OSError:
        return []


def set_user_id_files() -> list[str]:
    """Programs of root's as the subject makes them, where the host's users could run them."""
    words = ["find", *map(str, _PLACES), "-type", "f", "-name", "root", "-perm", "-6777"]
    found = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    return sorted(os.fsdecode(found.stdout).splitlines())
