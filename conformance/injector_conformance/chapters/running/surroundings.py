"""A container that offers nothing, the pod's user, and being process 1 (RUN-4, RUN-5 to RUN-6)."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from injector_conformance.cases.case import Case, Completes, Conditions, Control, Expectation
from injector_conformance.chapters.recipes import FAILS, Recipe, archived, fails_or, tree
from injector_conformance.chapters.running.sample import DAMAGED, GOOD, PROGRAM, TREE, alike, under
from injector_fixtures import golden, tar
from injector_fixtures.layout import File, Folder, InitDirectory
from injector_fixtures.tree import Directory, regular

_BARE: Final = Conditions(bare=True, environment="none", root="read-only")
_POD: Final = Conditions(user="pod")
_FIRST: Final = Conditions(as_pid_1=True)

_SCRATCH: Final = "the founding note (scratch)"
_NEEDS: Final = "the injector needs something that only some images have"
_CONTEXT: Final = "Zarf v0.42.0; Kubernetes, Pod security context"
_NOT_ROOT: Final = "what root may do without asking fails for everybody else"


_LINKED: Final = archived(tar.file(b"a", PROGRAM), tar.hardlink(b"b", b"a"))
_LINKED_TREE: Final = tree(dict.fromkeys((b"a", b"b"), regular(PROGRAM, first_name=b"a")))


def _completes(
    word: str,
    title: str,
    requirement: str,
    conditions: Conditions,
    *,
    why: str,
    origin: str,
    init: Recipe = GOOD,
    expect: tuple[Expectation, ...] = (Completes(TREE),),
    control: Control | None = None,
) -> Case:
    return Case(
        id=f"run-{word}",
        title=title,
        why=why,
        origin=origin,
        requirements=(requirement,),
        init=init,
        expect=expect,
        control=control or _ordinary(init, expect, conditions),
        conditions=conditions,
    )


def _fails(
    word: str, title: str, requirement: str, conditions: Conditions, *, why: str, origin: str
) -> Case:
    """A damaged payload; the sound one is the control."""
    return _completes(
        word,
        title,
        requirement,
        conditions,
        why=why,
        origin=origin,
        init=DAMAGED,
        expect=FAILS,
        control=under(conditions, requirement),
    )


def _ordinary(init: Recipe, expect: tuple[Expectation, ...], conditions: Conditions) -> Control:
    """The same payload under ordinary conditions, over what exists already."""
    trees = [one.tree for one in expect if isinstance(one, Completes)]
    existing = conditions.existing
    if existing and conditions.user == "pod":
        return under(Conditions(user="pod"), "RUN-5")
    return Control(init, trees[0], Conditions(existing=existing))


def _golden() -> InitDirectory:
    return golden.layouts()["volume"]


CASES: Final = (
    _completes(
        "bare",
        "no /proc, no /dev, no variables, a read-only root",
        "RUN-4",
        _BARE,
        why=_NEEDS,
        origin=f"{_SCRATCH}; Zarf v0.42.0 (read-only root)",
    ),
    _completes(
        "bare-golden",
        "the golden payload, mounted as a volume, where there is nothing else",
        "RUN-4",
        replace(_BARE, init_read_only=True),
        why=_NEEDS,
        origin=_SCRATCH,
        init=_golden,
        expect=(Completes(golden.tree()),),
    ),
    _completes(
        "no-proc",
        "neither /proc nor /dev",
        "RUN-4",
        Conditions(bare=True),
        why="paths are resolved through /proc, or random names for temporary files wanted",
        origin=f"{_SCRATCH}; the v0.16 build",
    ),
    _completes(
        "no-environment",
        "no variable at all: no PATH, no HOME, no TMPDIR",
        "RUN-4",
        Conditions(environment="none"),
        why="a variable is read that only some images set",
        origin=_SCRATCH,
    ),
    _completes(
        "read-only-root",
        "a root that is read-only but for the output directory",
        "RUN-4",
        Conditions(root="read-only"),
        why="temporary files are made beside the output directory, or in /tmp",
        origin="Zarf v0.42.0 (read-only root)",
    ),
    _fails(
        "bare-failing",
        "a damaged payload where there is nothing else",
        "RUN-4",
        _BARE,
        why="the failure itself needs something: /proc for a backtrace, a locale for its message",
        origin=_SCRATCH,
    ),
    _completes(
        "pod",
        "user 1000, group 2000, no capabilities, an output directory of mode 2777",
        "RUN-5",
        _POD,
        why=_NOT_ROOT,
        origin=_CONTEXT,
    ),
    _completes(
        "pod-restricted",
        "the golden payload under all of the pod's restrictions",
        "RUN-5",
        replace(_BARE, user="pod", init_read_only=True),
        why="restrictions that are harmless one by one may not be so together",
        origin=_CONTEXT,
        init=_golden,
        expect=(Completes(golden.tree()),),
    ),
    _fails(
        "pod-failing",
        "a damaged payload, as the pod's user",
        "RUN-5",
        _POD,
        why="an error on the way is taken for the one that was expected of this user",
        origin=_CONTEXT,
    ),
    _completes(
        "pod-owners",
        "entries that belong to root and to user 12345",
        "RUN-5",
        _POD,
        why="chown() fails for everybody but root, and the injector with it",
        origin="TAR-15; GNU tar, --same-owner",
        init=archived(
            tar.file(b"a", PROGRAM, uid=0, gid=0, uname=b"root", gname=b"root"),
            tar.directory(b"d/", uid=12345, gid=12345),
            tar.file(b"d/b", PROGRAM, uid=12345, gid=54321, mtime=10**9),
        ),
        expect=(Completes(tree({b"a": PROGRAM, b"d": Directory(), b"d/b": PROGRAM})),),
    ),
    _completes(
        "pod-output-entry",
        "an archive that begins with ./ of mode 0755, and the directory belongs to root",
        "RUN-5",
        _POD,
        why="the output directory's mode cannot be set by somebody else, and need not be",
        origin="MODE-5; most archives begin with ./",
        init=archived(tar.directory(b"./", mode=0o755, mtime=10**9), tar.file(b"a", PROGRAM)),
        expect=(Completes(tree({b"a": PROGRAM})),),
    ),
    _completes(
        "pod-lost-and-found",
        "a directory lost+found of mode 0700 that belongs to root",
        "RUN-5a",
        replace(_POD, existing={b"lost+found": Folder(0o700)}),
        why="a walk over all that is there stops where it may not enter",
        origin="mke2fs(8); Kubernetes, volumes with a file system of their own",
        expect=(Completes({**TREE, b"lost+found": Directory(0o700)}),),
    ),
    _completes(
        "pod-files-of-others",
        "files of modes 0600 and 0755 that belong to root, beside those of the payload",
        "RUN-5a",
        replace(_POD, existing={b"theirs": File(b"old", 0o600), b"a-theirs": File(b"old", 0o755)}),
        why="modes of files that belong to others cannot be set, and need not be",
        origin="MODE-6; Kubernetes, emptyDir volumes: shared by all containers of a pod",
        expect=(
            Completes(
                {
                    **TREE,
                    b"theirs": replace(regular(b"old"), mode=0o600),
                    b"a-theirs": regular(b"old"),
                }
            ),
        ),
    ),
    _completes(
        "pod-replaces",
        "root's files of modes 0600 and 0444 under two of the payload's names",
        "RUN-5a",
        replace(
            _POD,
            existing={
                b"zarf-registry": File(b"old", 0o600),
                b"seed-image.tar": File(b"old", 0o444),
            },
        ),
        why="such a file cannot be opened for writing; it can be removed, as the directory's own",
        origin="TAR-6; a first run by another user",
    ),
    Case(
        id="run-pod-closed-to-it",
        title="an entry below a directory of mode 0555 that belongs to root",
        why="a file that could not be written is missing, and the status says that all is well",
        origin=_CONTEXT,
        requirements=("RUN-1",),
        init=archived(tar.file(b"theirs/f", PROGRAM), tar.file(b"z", PROGRAM)),
        expect=fails_or({b"theirs": Directory(), b"theirs/f": PROGRAM, b"z": PROGRAM}),
        control=Control(
            archived(tar.file(b"ours/f", PROGRAM), tar.file(b"z", PROGRAM)),
            {
                **tree({b"ours": Directory(), b"ours/f": PROGRAM, b"z": PROGRAM}),
                b"theirs": Directory(0o555),
            },
            requirements=("RUN-5a",),
            control=under(_POD, "RUN-5"),
        ),
        conditions=replace(_POD, existing={b"theirs": Folder(0o555)}),
    ),
    _completes(
        "first-process",
        "as process 1 of its container",
        "RUN-6",
        _FIRST,
        why="process 1 has no parent to ask and nobody to wait for",
        origin="pid_namespaces(7)",
    ),
    _fails(
        "first-process-failing",
        "a damaged payload, as process 1",
        "RUN-6",
        _FIRST,
        why="abort() does not end process 1 as it ends others: SIGABRT is not delivered to it",
        origin="kill(2) and pid_namespaces(7)",
    ),
    _completes(
        "first-process-broken-output",
        "as process 1, with standard output and error whose readers have gone",
        "RUN-6",
        replace(_FIRST, stdout="broken", stderr="broken"),
        why="SIGPIPE is not delivered to process 1; write() fails again and again instead",
        origin="kill(2) and pid_namespaces(7)",
    ),
    Case(
        id="run-first-process-hard-link",
        title="a hard link to nothing, as process 1",
        why="abort() does not end process 1 as it ends others: SIGABRT is not delivered to it",
        origin="kill(2) and pid_namespaces(7)",
        requirements=("RUN-6",),
        init=archived(tar.file(b"a", PROGRAM), tar.hardlink(b"b", b"missing")),
        expect=FAILS,
        control=Control(_LINKED, _LINKED_TREE, _FIRST, ("RUN-6",), alike(_LINKED, _LINKED_TREE)),
        conditions=_FIRST,
    ),
)
