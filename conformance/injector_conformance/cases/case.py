"""Cases: one hostile, odd or ordinary payload each, with what a correct injector makes of it.

A case is data. Whoever wants to run the cases without this suite gets all of it from ``export``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from random import Random
from typing import Final, Literal

from injector_conformance.exchange import PLAIN, Exchange
from injector_fixtures.layout import Entry, InitDirectory
from injector_fixtures.tree import Tree

CONTROL: Final = "~control"
"""What the id of a positive control ends in."""

MEBIBYTE: Final = 1024 * 1024

SMUGGLED: Final = b"smuggled"
"""Part of the names of members that lie where no members are: in another one's data, or behind
the end."""


class Argument(Enum):
    """Checksum arguments that are not literal text."""

    MATCHING = "matching"
    """The SHA-256 of the joined payload (SUM-1)."""
    NONE = "none"
    """No argument where the profile allows that (SUM-4); the matching one elsewhere."""
    ABSENT = "absent"
    """No argument at all (ARG-3)."""


@dataclass(frozen=True, slots=True)
class Completes:
    """Status 0 and exactly this tree below the output directory.

    ``memory_growth`` in bytes, if given, bounds how much higher the peak memory may be than that
    of the positive control (RUN-10a).
    """

    tree: Tree
    memory_growth: int | None = None


@dataclass(frozen=True, slots=True)
class Fails:
    """Rejected or aborted.

    Attributes:
        untouched: nothing below or about the output directory has changed.
        says: what the message on standard error contains; ``{expected}`` and ``{actual}`` in it
            stand for the checksum argument and the payload's own SHA-256.
    """

    untouched: bool = False
    says: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Serves:
    """It serves, and answers the case's exchange as that says. The tree is not looked at.

    ``says`` is what its output contains, standard output and error together.
    """

    says: tuple[bytes, ...] = ()


Expectation = Completes | Serves | Fails


@dataclass(frozen=True, slots=True)
class Conditions:
    """The surroundings in which the subject runs. The defaults are those of a plain container."""

    user: Literal["root", "pod"] = "root"
    """``pod``: user 1000, group 2000, no capabilities, no new privileges, and an output
    directory of mode 2777 that belongs to root:2000, as an emptyDir with fsGroup (RUN-5)."""
    as_pid_1: bool = False
    umask: int = 0o022
    environment: Literal["container", "none"] = "container"
    """``container``: a PATH, as images have; ``none``: no variable at all."""
    stdin: Literal["empty", "open", "closed"] = "empty"
    """``open``: a pipe that nobody writes to and nobody closes: reading it hangs."""
    stdout: Literal["captured", "closed", "broken", "full", "unread"] = "captured"
    stderr: Literal["captured", "closed", "broken", "full", "unread"] = "captured"
    """``broken``: a pipe without a reader. ``full``: a device without space. ``unread``: pipes
    that have a reader who never reads, until the end."""
    root: Literal["writable", "read-only"] = "writable"
    """Writable by default: an escape must be able to succeed to be seen (BOX-1)."""
    output: Literal["directory", "read-only", "full"] = "directory"
    """``full``: a file system of 64 KiB."""
    output_mode: int = 0o755
    """Permission bits of the output directory before the run, if the user is root; the pod's
    user has those of its emptyDir."""
    bare: bool = False
    """Without /proc and /dev also for subjects that need an interpreter; static ones never see
    them (RUN-4)."""
    init_read_only: bool = False
    file_size_limit: int | None = None
    """RLIMIT_FSIZE in bytes with SIGXFSZ ignored, so that writes fail with EFBIG."""
    memory_limit: int = 256 * MEBIBYTE
    """Bytes; the pod's limit."""
    patience: int = 1
    """How many deadlines it may take, where no injector can be quick (GZ-5: 4 GiB)."""
    refused: Literal["", "ENOSYS", "EPERM"] = ""
    """How calls of the system that are newer than Linux 4.10 fail: as they do on an older kernel,
    or under a runtime whose profile does not know them. Empty if they do not."""
    existing: Mapping[bytes, Entry] = field(default_factory=dict)
    """What lies in the output directory before the run. Where a tree gives an entry of it the mode
    that it has here, the entry may keep that mode (MODE-6)."""
    image: Literal["", "alpine", "empty"] = ""
    """The container image that the case is about; empty for whatever the run uses."""
    then: tuple[str, ...] = ()
    """A command that is executed as the next process of the same container after the subject has
    completed, with ``then_environment`` as variables, and must complete too (CTR-4)."""
    then_environment: Mapping[str, str] = field(default_factory=dict)
    filesystem: Literal["any", "disk"] = "any"
    """``disk``: one that uses inode numbers again, as those in memory do not."""
    address: str | None = None
    """The second argument, if it is not the profile's own; empty for none (ARG-1)."""
    variables: tuple[tuple[str, str], ...] = ()
    """Names and values of further environment variables."""
    directory: str = ""
    """The working directory, if it is not the profile's own (ARG-6)."""
    runs: int = 1
    """How often the subject runs over the same output directory; the last run is judged, the
    ones before it must complete (RUN-7)."""

    @property
    def needs_ipv6(self) -> bool:
        """Whether the subject is to serve at an IPv6 address."""
        return (self.address or "").startswith("[")

    @property
    def needs_container(self) -> bool:
        """Whether only a real container provides them (chapter CTR)."""
        return bool(self.image or self.then)


@dataclass(frozen=True, slots=True)
class Control:
    """The positive control of a negative case: its payload without its one defect.

    It runs with a matching argument unless the case has none, and must complete with this tree. If
    it does not, the case is inconclusive, and the control is a failed case of its own.

    Attributes:
        init: as :attr:`Case.init`.
        tree: what it completes with.
        conditions: its surroundings where the case's one defect lies in them (RUN-8); the same
            as the case's otherwise.
        requirements: what whoever does not complete it breaks, as for any case; if none is given,
            the catalogue tells them from the payload.
        control: its own positive control, where it runs under odd conditions itself.
        leaves_tree: whether the tree is looked at; otherwise it is enough to complete (EXT-4).
        id: given by the catalogue; cases with the same control share it.
    """

    init: Callable[[], InitDirectory]
    tree: Tree
    conditions: Conditions | None = None
    requirements: tuple[str, ...] = ()
    control: Control | None = None
    leaves_tree: bool = True
    id: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """Something that is judged, and what people need to know about it.

    Attributes:
        id: stable for ever, lower-case words joined by hyphens, the chapter's word first
            (``tar-size-pax-over-zero``); independent of any function's name.
        title: what it is, in one line.
        why: what goes wrong with an injector that gets it wrong.
        origin: where the flaw was seen: a CVE, an RFC section, a catalogue id. Never empty.
        requirements: ids from SPEC.md that a broken promise counts against.
    """

    id: str
    title: str
    why: str
    origin: str
    requirements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Case(Check):
    """A check that runs the subject.

    Attributes:
        init: the recipe of the init directory; called when the case runs, may be expensive.
        expect: what is allowed; the case passes when one of them holds.
        argument: literal text, or an :class:`Argument`.
        control: required as soon as ``expect`` has a :class:`Fails`.
        conditions: the surroundings.
        machine: only for subjects of this machine, as ``uname -m`` spells it; empty for any.
        others: what other extractors do with it, for people.
        unsaid: what neither standard output nor standard error contains, however the run ends
            (RUN-3a).
        exchange: what a subject that serves is asked, once it does.
        is_control: whether it is another case's positive control.
        is_measured: whether another case needs to know its peak memory.
        renew: makes the case anew, of a session's random numbers, under the same id. Cases that
            share a control make its payload of the same numbers.
    """

    init: Callable[[], InitDirectory]
    expect: tuple[Expectation, ...]
    argument: str | Argument = Argument.MATCHING
    control: Control | None = None
    conditions: Conditions = Conditions()
    machine: str = ""
    others: str = ""
    unsaid: tuple[bytes, ...] = ()
    exchange: Exchange = PLAIN
    is_control: bool = False
    is_measured: bool = False
    renew: Callable[[Case, Random], Case] | None = None

    def positive(self) -> Case:
        """The positive control as a case of its own.

        Raises:
            ValueError: the case has none.
        """
        control = self.control
        if control is None:
            raise ValueError(f"case {self.id} has no positive control")
        return replace(
            self,
            id=control.id or f"{self.id}{CONTROL}",
            title=f"what {self.id} is without its one defect",
            why="whoever does not complete this has not shown anything by failing in the cases"
            " that it is the control of",
            origin='SPEC.md, "How a requirement is judged"',
            requirements=control.requirements or ("TAR-2",),
            init=control.init,
            expect=(Completes(control.tree) if control.leaves_tree else Serves(),),
            argument=Argument.NONE if self.argument is Argument.NONE else Argument.MATCHING,
            control=control.control,
            conditions=control.conditions or self.conditions,
            others="",
            unsaid=(),
            exchange=PLAIN,
            is_control=True,
            is_measured=self.watches_memory,
            renew=self._renewed_control if self.renew is not None else None,
        )

    def _renewed_control(self, _: Case, numbers: Random) -> Case:
        """The control of what the case is made anew as."""
        return self.positive() if self.renew is None else self.renew(self, numbers).positive()

    @property
    def watches_memory(self) -> bool:
        """Whether its peak memory is to be measured."""
        bounded = any(isinstance(one, Completes) and one.memory_growth for one in self.expect)
        return self.is_measured or bounded

    def __post_init__(self) -> None:
        """Refuse cases that could not be judged.

        Raises:
            ValueError: the case breaks a rule of its own form.
        """
        if not self.requirements or not self.expect or not self.origin:
            raise ValueError(f"case {self.id}: requirements, expect and origin must not be empty")
        if self.control is None and any(isinstance(one, Fails) for one in self.expect):
            raise ValueError(f"case {self.id}: a case that may fail needs a positive control")
