"""Symbolic links that lead out and are never used: made as they are, or refused (BOX-6)."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.confinement.attack import DATA, ONLY_AFTER, attack, file
from injector_conformance.chapters.recipes import FOLDER, Named, fails_or
from injector_fixtures import tar
from injector_fixtures.tree import Symlink

_WHY: Final = (
    "such links are part of ordinary trees: their text must not change, and whoever cleans up or"
    " sets modes afterwards must not follow them"
)


def _outward(
    word: str, title: str, target: bytes, *members: bytes, tree: Named, origin: str
) -> Case:
    made = members or (tar.symlink(b"l", target),)
    return attack(
        f"box-outward-{word}",
        title,
        *made,
        why=_WHY,
        origin=origin,
        requirements=("BOX-6",),
        harmless=(file(b"f"), tar.symlink(b"l", b"f")),
        becomes={b"f": DATA, b"l": Symlink(b"f")},
        expect=fails_or({**tree, **ONLY_AFTER}),
        others="CPython's data filter refuses it; all others create it",
    )


def _alone(word: str, title: str, target: bytes, origin: str, *members: bytes) -> Case:
    return _outward(word, title, target, *members, tree={b"l": Symlink(target)}, origin=origin)


CASES: Final = (
    _alone("absolute", "a link to /canary/file", b"/canary/file", "catalogue L15"),
    _alone("relative", "a link to ../canary/directory", b"../canary/directory", "catalogue L16"),
    _alone(
        "pax",
        "a link whose pax linkpath is /canary/directory",
        b"/canary/directory",
        "catalogue L27",
        tar.pax({b"linkpath": b"/canary/directory"}) + tar.symlink(b"l", b"x"),
    ),
    _alone(
        "gnu",
        "a link whose GNU long link text is /canary/directory",
        b"/canary/directory",
        "catalogue L28",
        tar.gnu_longlink(b"/canary/directory") + tar.symlink(b"l", b"x", magic=tar.GNU),
    ),
    _alone("root", "a link to /", b"/", "common in images of whole systems"),
    _alone("nowhere", "a link to /etc/ssl/certs, which is not there", b"/etc/ssl/certs", "BOX-6"),
    _alone(
        "output-directory",
        "a link to /zarf-stage2/after: absolute, and a file of the archive",
        b"/zarf-stage2/after",
        "SPEC.md, Left open: an absolute target that names the output directory",
    ),
    _alone(
        "init-directory",
        "a link to /zarf-stage1, where the chunks are",
        b"/zarf-stage1",
        "PAY-8",
    ),
    _alone("proc", "a link to /proc/self/root", b"/proc/self/root", "proc(5)"),
    _outward(
        "in-folder",
        "a link in d to ../../canary: inside as text counted from the top, outside from d",
        b"",
        *(tar.directory(b"d/"), tar.symlink(b"d/l", b"../../canary")),
        tree={b"d": FOLDER, b"d/l": Symlink(b"../../canary")},
        origin="POSIX.1-2017, Pathname Resolution",
    ),
    _outward(
        "many",
        "links to everything outside, each in a directory of its own",
        b"",
        *(
            tar.symlink(b"d%d/l" % number, target)
            for number, target in enumerate(
                (b"/canary", b"/canary/file", b"/canary/directory", b"/canary/link", b"..", b"/")
            )
        ),
        tree={
            name: entry
            for number, target in enumerate(
                (b"/canary", b"/canary/file", b"/canary/directory", b"/canary/link", b"..", b"/")
            )
            for name, entry in (
                (b"d%d" % number, FOLDER),
                (b"d%d/l" % number, Symlink(target)),
            )
        },
        origin="catalogue S01, S02",
    ),
)
