"""El entorno fijado: requirements.txt dice lo directo y constraints.txt, además, todo lo demás."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools import ROOT, lock

NAME_AND_VERSION = re.compile(r"[a-z0-9][a-z0-9-]*==[0-9][0-9a-z.]*")


def test_constraints_are_only_names_and_versions():
    comment, *lines = lock.CONSTRAINTS.read_text(encoding="utf-8").splitlines()
    assert comment == lock.HEADER.strip()
    assert [line for line in lines if not NAME_AND_VERSION.fullmatch(line)] == []
    assert lines == sorted(lines, key=lambda line: line.partition("==")[0])


def test_every_direct_requirement_is_locked_at_its_version():
    direct, every = lock.pinned(), lock.pinned(lock.CONSTRAINTS)
    assert len(direct) > 30 and len(every) > 2 * len(direct)
    assert {name: every.get(name) for name in direct} == direct


def test_what_the_package_needs_is_pinned_and_not_too_old():
    """Lo que pyproject pide, para el paquete y para sus autoras, está en requirements.txt."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["autores"]]
    direct = lock.pinned()
    for requirement in map(Requirement, asked):
        version = direct[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), requirement


@pytest.mark.parametrize("line", ["torch>=2", "torch", "torch @ https://example.org/torch.whl"])
def test_what_is_not_a_version_is_refused(tmp_path, line):
    path = tmp_path / "requirements.txt"
    path.write_text(f"# comentario\n\nnumpy==2.4.6  # otro\n{line}\n")
    with pytest.raises(ValueError, match="no fija una versión"):
        lock.pinned(path)


def test_lock_leaves_out_the_project_and_the_variant(tmp_path, monkeypatch, capsys):
    class Installed:
        def __init__(self, name, version):
            self.name, self.version = name, version

    found = [Installed("torch", "2.13.0+cpu"), Installed("course_lib", "0.1.0")]
    found += [Installed("Sphinx", "7.4.7"), Installed("pip", "26.1")]
    monkeypatch.setattr(lock.importlib.metadata, "distributions", lambda: found)
    monkeypatch.setattr(lock, "CONSTRAINTS", tmp_path / "constraints.txt")
    lock.main()
    assert lock.pinned(lock.CONSTRAINTS) == {"sphinx": "7.4.7", "torch": "2.13.0"}
    assert "2 paquetes" in capsys.readouterr().out
