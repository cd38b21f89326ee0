"""Un Chromium con el modelo de la página ya abierto, para preguntarle desde Python lo mismo que un laboratorio."""

from __future__ import annotations

import functools
import http.server
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["PageModel", "opened"]

ARGUMENTS = ["--no-sandbox", "--disable-gpu"]
OPEN = """async () => {
  const folder = new URL("./", location.href);
  const program = await import(new URL("programa.js", folder));
  const manifest = await (await fetch(new URL("manifest.json", folder))).json();
  const store = await caches.open("prueba");
  const started = performance.now();
  await program.fetchModel({ manifest, folder, store, progress: () => {} });
  const fetched = performance.now();
  window.engine = await program.openModel({ manifest, store });
  return [fetched - started, performance.now() - fetched].map((ms) => ms / 1000);
}"""


class PageModel:
    """El motor de la página. `fetching` y `opening`: los segundos que tardó en traerse y en abrirse."""

    def __init__(self, page: Page, fetching: float, opening: float) -> None:
        self.page, self.fetching, self.opening = page, fetching, opening

    def encode(self, text: str) -> list[int]:
        """Devuelve los ids de `text`, con los que el modelo espera delante."""
        found: list[int] = self.page.evaluate("(text) => engine.encode(text)", text)
        return found

    def names(self, ids: list[int]) -> list[str]:
        """Devuelve cada token como texto."""
        found: list[str] = self.page.evaluate("(ids) => engine.names(ids)", ids)
        return found

    def next(self, ids: list[int], k: int = -1) -> tuple[list[int], list[float]]:
        """Devuelve los `k` tokens más probables tras `ids` (todos, si es -1) y sus log-probabilidades."""
        # como texto: son cientos de miles de números, y uno a uno tardan
        script = "async ([ids, k]) => JSON.stringify(await engine.next(ids, k))"
        found = json.loads(self.page.evaluate(script, [ids, k]))
        return found["ids"], found["logprobs"]

    def greedy(self, ids: list[int], n: int) -> list[int]:
        """Devuelve los `n` tokens que siguen a `ids`, siempre el más probable; menos, si el texto termina."""
        script = """async ([ids, n]) => {
          const written = [];
          while (written.length < n && !engine.ends.includes(written.at(-1))) {
            written.push((await engine.next([...ids, ...written], 1)).ids[0]);
          }
          return written;
        }"""
        found: list[int] = self.page.evaluate(script, [ids, n])
        return found


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_arguments: Any) -> None:
        pass


@contextmanager
def opened(folder: Path) -> Iterator[PageModel]:
    """Da el modelo de `folder`, la que escribió `tools.inpage.build`, abierto en un Chromium de un solo hilo."""
    from playwright.sync_api import sync_playwright

    command = [sys.executable, str(ROOT / "tools" / "chromium.py")]
    path = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    handler = functools.partial(_Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
            page = browser.new_page()
            page.goto(f"http://127.0.0.1:{server.server_port}/TERMINOS.txt")
            yield PageModel(page, *page.evaluate(OPEN))
            browser.close()
    finally:
        server.shutdown()
        server.server_close()
