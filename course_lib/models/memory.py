"""Cuánta memoria queda de verdad para este proceso."""

from __future__ import annotations

from pathlib import Path

__all__ = ["free_memory"]

# el límite y el uso de un contenedor, según la versión de los cgroups de Linux
_CONTAINERS = (
    ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
    (
        "/sys/fs/cgroup/memory/memory.limit_in_bytes",
        "/sys/fs/cgroup/memory/memory.usage_in_bytes",
    ),
)


def free_memory() -> int:
    """Devuelve los bytes libres: los del sistema o, si son menos, los del contenedor donde corre."""
    import psutil

    left = [_left(Path(limit), Path(used)) for limit, used in _CONTAINERS]
    return min([psutil.virtual_memory().available, *(n for n in left if n is not None)])


def _left(limit: Path, used: Path) -> int | None:
    """Lo que queda de un contenedor; None si no hay límite. Los archivos en memoria se sueltan solos."""
    try:
        room = int(limit.read_text()) - int(used.read_text())
        lines = (used.parent / "memory.stat").read_text().split("\n")
    except (OSError, ValueError):  # no hay contenedor, o el límite es «max»
        return None
    counts = dict(line.split() for line in lines if line)
    files = ("inactive_file", "active_file")
    return room + sum(int(counts.get(f"total_{f}", counts.get(f, 0))) for f in files)
