"""The story of profile ``stage1`` in containers: inject in Alpine, hand over, push, pull.

It needs a container daemon, skopeo, emulation of the other machine, and the registry program of
the package docker-registry.
"""

from __future__ import annotations

import hashlib
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from demo import kubelet, registry, seed
from demo.steps import build, step
from injector_conformance.cases.case import Case, Completes, Conditions
from injector_conformance.cli import main as conformance
from injector_conformance.images.pins import ALPINE
from injector_conformance.images.store import connect, obtain
from injector_conformance.judging.verdict import judge
from injector_conformance.sandbox.container.driver import Container
from injector_conformance.sessions.trial import new_slot, observe
from injector_conformance.subjects.subject import resolve
from injector_fixtures.layout import InitDirectory
from injector_fixtures.tree import Tree, regular

PLATFORMS: Final = {"x86_64": "linux/amd64", "aarch64": "linux/arm64"}
NAME: Final = "library/alpine:seed"
REFERENCE: Final = f"registry.example/{NAME}"
DEADLINE: Final = 120.0


def tell(work: Path) -> None:
    """All steps, in a directory that is removed afterwards."""
    files = [work / "zarf-registry", work / "seed-image.tar"]
    with step("a real registry program, and Alpine as crane pulls it"), connect() as client:
        files[0].write_bytes(registry.PROGRAM.read_bytes())
        seed.write(obtain(client, ALPINE, PLATFORMS["x86_64"]), REFERENCE, files[1])
    build(work)
    with step("packed, with manifests"):
        injector = work / "zarf-injector-x86_64"
        words = ["pack", "-o", work / "payload", "--manifests", "--injector", injector, *files]
        if conformance([str(word) for word in words]) != 0:
            raise RuntimeError("packing failed")
    manifests = work / "payload" / "manifests"
    pieces = kubelet.chunks(manifests)
    tree = {path.name.encode(): regular(path.read_bytes()) for path in files}
    for machine, platform in PLATFORMS.items():
        for manner, init in kubelet.layouts(pieces).items():
            with step(f"injected in Alpine on {platform}, chunks as {manner}"):
                image = inject(work, machine, init, kubelet.argument(manifests), tree)
    serve(work, image)


def inject(work: Path, machine: str, init: InitDirectory, digest: str, tree: Tree) -> Path:
    """Inject in a container, judge, and keep the seed image that came out."""
    driver = Container(ALPINE, PLATFORMS[machine])
    own = Path(tempfile.mkdtemp(dir=work))
    own.chmod(0o755)
    try:
        driver.open(resolve([str(work / f"zarf-injector-{machine}")]), own)
        slot = new_slot(driver, own / "stage")
        case = Case(
            id="demo",
            title="a real payload",
            why="nothing else matters",
            origin="packed just now",
            requirements=("TAR-2",),
            init=lambda: init,
            expect=(Completes(tree),),
            argument=digest,
            conditions=Conditions(user="pod", root="read-only"),
        )
        seen = observe(driver, slot, case, init, deadline=DEADLINE, watch=False)
        broken = judge(case, seen)
        if broken:
            raise RuntimeError(f"{broken[0].requirement}: {broken[0].observed}")
        image = work / "seed-image-out.tar"
        image.write_bytes((slot.stage.output / "seed-image.tar").read_bytes())
        return image
    finally:
        driver.close()


def serve(work: Path, image: Path) -> None:
    """Load the image, push it into a real registry, and pull it back."""
    storage = work / "registry"
    storage.mkdir()
    with connect() as client, ExitStack() as cleaning:
        cleaning.callback(seed.forget, client, REFERENCE)
        with step("loaded by the daemon"):
            loaded = client.images.load(image.read_bytes())[0]
        address = cleaning.enter_context(registry.serving(registry.PROGRAM, storage))
        target = f"{address}/{NAME}"
        with step("copied by skopeo into the registry"):
            note = work / "digest"
            words = ("--dest-tls-verify=false", "--digestfile", str(note))
            seed.skopeo("copy", *words, f"docker-archive:{image}", f"docker://{target}")
        pushed = note.read_text().strip()
        with step("pulled back by the daemon"):
            cleaning.callback(seed.forget, client, target)
            pulled = client.images.pull(target.rpartition(":")[0], "seed")
        digests = [one.rpartition("@")[2] for one in pulled.attrs["RepoDigests"]]
        if pulled.id != loaded.id or pushed not in digests:
            raise RuntimeError(f"pushed {pushed}, pulled {', '.join(digests)}")
        with step("pulled back by skopeo, every blob checked against its digest"):
            again = work / "pulled"
            options = ("--src-tls-verify=false", "--preserve-digests")
            seed.skopeo("copy", *options, f"docker://{target}", f"dir:{again}")
        manifest = (again / "manifest.json").read_bytes()
        if f"sha256:{hashlib.sha256(manifest).hexdigest()}" != pushed:
            raise RuntimeError(f"skopeo pulled another manifest than {pushed}")
    print(f"the same image, {pushed}")
