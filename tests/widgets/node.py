"""Correr con node las cuentas de `common.js`, sin navegador."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import course_lib.widgets

COMMON = Path(course_lib.widgets.__file__).with_name("common.js")


def run(folder: Path, body: str, data):
    """Evalúa `body` (JavaScript que deja `result`) con los nombres de common.js y `data` a la vista."""
    node = shutil.which("node")
    assert node, "Hace falta node para comparar JavaScript con Python."
    program = folder / "prueba.mjs"
    reading = 'import { readFileSync } from "node:fs";\nconst data = JSON.parse(readFileSync(0));\n'
    writing = "\nprocess.stdout.write(JSON.stringify(result));\n"
    program.write_text(COMMON.read_text("utf-8") + reading + body + writing, encoding="utf-8")
    done = subprocess.run(
        [node, program], input=json.dumps(data), capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
