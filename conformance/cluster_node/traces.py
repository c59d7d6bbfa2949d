"""What a node leaves on a machine, and how it goes: mounts, cgroups, a bridge, rules, files."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

from cluster_node.places import BRIDGE, Places

FORWARDING: Final = Path("/proc/sys/net/ipv4/ip_forward")
_FOLDERS: Final = tuple(
    Path(name)
    for name in (
        *("/var/lib/kubelet", "/var/lib/cni", "/var/log/containers", "/run/containerd"),
        *("/run/netns", "/etc/cni"),
    )
)
"""What kubelet, plugins and containerd make wherever their own directories are said to be."""

_ESCAPED: Final = re.compile(r"\\([0-7]{3})")
_OWN_CHAIN: Final = re.compile(r"-j (CNI-\S+)")


def mounts(places: Places) -> list[str]:
    """Mount points below the node's directory, the innermost first."""
    top = f"{places.top}/"
    lines = Path("/proc/mounts").read_text().splitlines()
    points = [_ESCAPED.sub(_unescaped, line.split()[1]) for line in lines]
    return sorted((point for point in points if point.startswith(top)), reverse=True)


def remember(places: Places) -> None:
    """Note what the node is going to change outside its directory."""
    (places.top / "ip_forward").write_text(FORWARDING.read_text())
    absent = [str(folder) for folder in _FOLDERS if not folder.exists()]
    (places.top / "absent").write_text("\n".join(absent))


def remove(places: Places) -> None:
    """Remove them all; what is not there is no error."""
    for point in mounts(places):
        subprocess.run(["umount", "--lazy", point], check=False, capture_output=True)
    if Path("/sys/class/net", BRIDGE).exists():
        _quietly("ip", "link", "delete", BRIDGE)
    _remove_rules()
    _remove_cgroups()
    noted = places.top / "ip_forward"
    if noted.is_file() and noted.read_text() != FORWARDING.read_text():
        FORWARDING.write_text(noted.read_text())
    absent = places.top / "absent"
    made = absent.read_text().splitlines() if absent.is_file() else []
    shutil.rmtree(places.top, ignore_errors=True)
    for folder in made:
        _remove_dead(Path(folder))
        _remove_empty(Path(folder))


def left(places: Places) -> list[str]:
    """What is still there, in words."""
    found = [f"mount {point}" for point in mounts(places)]
    if Path("/sys/class/net", BRIDGE).exists():
        found.append(f"network interface {BRIDGE}")
    if places.top.exists():
        found.append(f"directory {places.top}")
    return found


def _remove_rules() -> None:
    """The chains that the plugin for hostPorts made.

    Nothing tells one node's from another's; but while another one has pods with ports of their
    own its rules are there too, and then all stay.
    """
    rules = _quietly("iptables", "-t", "nat", "-S").splitlines()
    if any(line.startswith("-A CNI-DN-") for line in rules):
        return
    for line in rules:
        if line.startswith("-A ") and _OWN_CHAIN.search(line):
            _quietly("iptables", "-t", "nat", "-D", *_words(line)[1:])
    chains = [line.split()[1] for line in rules if line.startswith("-N CNI-")]
    for action in ("-F", "-X"):
        for chain in chains:
            _quietly("iptables", "-t", "nat", action, chain)


def _remove_cgroups() -> None:
    """The kubelet's own: empty when no pod is left, so that rmdir is enough."""
    for controller in (Path("/sys/fs/cgroup"), *Path("/sys/fs/cgroup").glob("*")):
        top = controller / "kubepods"
        if not top.is_dir():
            continue
        _remove_empty(top)


def _remove_dead(top: Path) -> None:
    """Remove sockets that the node had, and links to logs that have gone with its directory."""
    for path in top.rglob("*"):
        if path.is_socket() or (path.is_symlink() and not path.exists()):
            path.unlink(missing_ok=True)


def _remove_empty(top: Path) -> None:
    """Remove a directory and those in it, as far as there is nothing in them."""
    for folder in sorted((one for one in top.rglob("*") if one.is_dir()), reverse=True):
        _rmdir(folder)
    _rmdir(top)


def _rmdir(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:
        return  # not there, or somebody else's things are in it


def _words(line: str) -> list[str]:
    return [word.strip('"') for word in re.findall(r'"[^"]*"|\S+', line)]


def _quietly(*words: str) -> str:
    done = subprocess.run(words, check=False, capture_output=True, text=True)
    return done.stdout


def _unescaped(found: re.Match[str]) -> str:
    return chr(int(found[1], 8))
