"""Correr con node las cuentas de una vista, sin navegador."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from course_lib.widgets.base import View


def run(folder: Path, view: type[View], body: str, data: Any) -> Any:
    """Evalúa `body` (JavaScript que deja `result`) tras el módulo de la vista, con `data` a la vista."""
    node = shutil.which("node")
    assert node, "Hace falta node para comparar JavaScript con Python."
    program = folder / "prueba.mjs"
    reading = 'import { readFileSync } from "node:fs";\nconst data = JSON.parse(readFileSync(0));\n'
    writing = "\nprocess.stdout.write(JSON.stringify(result));\n"
    program.write_text(f"{view._esm}\n{reading}{body}{writing}", encoding="utf-8")
    done = subprocess.run(
        [node, program], input=json.dumps(data), capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
