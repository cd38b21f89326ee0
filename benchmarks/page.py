"""Qué pesa cada página, cuánto tarda en poder leerse y en tener vivo un laboratorio, y lo que este tarda en contestar."""

from __future__ import annotations

import functools
import gzip
import http.server
import statistics
import subprocess
import sys
import threading
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / "_build" / "html"
FAST, SLOW = 10e6, 1.6e6  # bit/s, de bajada y de subida
LATENCY = 40  # ms
LABS = {  # lo que cada vista tiene en cuanto ha dibujado
    "temperatura": ".lm-temperature[data-kept]",
    "haz": ".lm-beam[data-levels]",
    "atención": ".lm-attention[data-layer]",
    "tamaños": ".lm-size[data-total]",
    "prompting": ".lm-prompting[data-best]",
}
TEXT = {".html", ".js", ".css", ".json", ".svg"}

# Un laboratorio está vivo cuando su vista ha dibujado algo.
LIVE = ".lm-lab [class^='lm-']:not(.lm-controls) > *"
# Una página se lee cuando está pintado lo mayor de su primera pantalla, sea un párrafo o una figura.
READABLE = """() => new Promise((found) => {
  new PerformanceObserver((list) => found(list.getEntries().at(-1).startTime))
    .observe({ type: "largest-contentful-paint", buffered: true });
})"""
# Mueve un control con el teclado y espera a que la página esté recompuesta.
ANSWER = """(handle) => {
  const times = [];
  for (const key of [...Array(20).fill("ArrowLeft"), ...Array(20).fill("ArrowRight")]) {
    const before = handle.parentElement.style.transform;
    const start = performance.now();
    handle.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    document.body.offsetHeight;
    const spent = performance.now() - start;
    if (handle.parentElement.style.transform !== before) times.push(spent); // no en los extremos
  }
  return times;
}"""


class _Compressed(http.server.SimpleHTTPRequestHandler):
    """Sirve como un servidor de páginas corriente: con gzip lo que es texto, y para guardar diez minutos."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(404)
            return
        body = _packed(path)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=600")
        if path.suffix in TEXT:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments) -> None:
        pass


@functools.cache
def _packed(path: Path) -> bytes:
    body = path.read_bytes()
    return gzip.compress(body, 6) if path.suffix in TEXT else body


class Load(NamedTuple):
    """Una visita: bytes que bajaron y milisegundos hasta que se lee y hasta que vive un laboratorio, si lo hay."""

    size: float
    readable: float
    live: float


def run(repeats: int = 3):
    """Produce las líneas del informe: de cada página, lo que pesa y tarda, y de cada laboratorio, lo que contesta."""
    pages = sorted(SITE.glob("book/**/*.html"))
    if not pages:
        yield "el sitio no está construido: `make book` y vuelve a medir"
        return
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(_Compressed, directory=str(SITE))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    found = [sys.executable, ROOT / "tools" / "chromium.py"]
    chromium = subprocess.run(found, capture_output=True, text=True, check=True).stdout.strip()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for path in _chosen(pages):
            url = f"http://127.0.0.1:{server.server_port}/{path.relative_to(SITE)}"
            lab = ".lm-lab" in path.read_text("utf-8")
            yield _loading(browser, url, str(path.relative_to(SITE / "book")), lab, repeats)
            if lab:
                yield from _answers(browser, url, path.stem)
        browser.close()
    server.shutdown()


def _chosen(pages: list[Path]) -> list[Path]:
    """Devuelve las páginas de la primera carpeta y, de las demás, la que más pesa."""
    heaviest = {page.parent: page for page in sorted(pages, key=lambda one: one.stat().st_size)}
    return [page for page in pages if page.parent == SITE / "book" or page in heaviest.values()]


def _loading(browser: Browser, url: str, name: str, lab: bool, repeats: int) -> str:
    first, slow, again = [], [], []
    for _ in range(repeats):
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        first.append(_load(context, url, FAST, lab))
        again.append(_load(context, url, FAST, lab))  # con lo que el navegador ya guardó
        context.close()
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        slow.append(_load(context, url, SLOW, lab))
        context.close()
    size = statistics.median(load.size for load in first)
    return (
        f"{name}: {size / 1e3:.0f} kB con gzip; a 10 Mbit/s, {_said(first)}; a 1.6 Mbit/s, "
        f"{_said(slow)}; otra vez a 10 Mbit/s, {_said(again)} (mediana, n = {repeats})"
    )


def _said(loads: list[Load]) -> str:
    said = f"se lee en {statistics.median(load.readable for load in loads) / 1e3:.2f} s"
    live = statistics.median(load.live for load in loads)
    return said + (f" y vive en {live / 1e3:.2f} s" if live else "")


def _load(context: BrowserContext, url: str, speed: float, lab: bool) -> Load:
    page = context.new_page()
    line = context.new_cdp_session(page)
    sizes: list[float] = []
    line.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    line.send("Network.enable")
    throughput = {"downloadThroughput": speed / 8, "uploadThroughput": speed / 8}
    line.send(
        "Network.emulateNetworkConditions", {"offline": False, "latency": LATENCY, **throughput}
    )
    page.goto(url, wait_until="commit")
    live = 0.0
    if lab:
        page.wait_for_selector(LIVE, state="attached", timeout=120_000)
        live = page.evaluate("performance.now()")
    page.wait_for_load_state("networkidle")
    readable = page.evaluate(READABLE)
    page.close()
    return Load(sum(sizes), readable, live)


def _answers(browser: Browser, url: str, page_name: str):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(url)
    page.wait_for_selector(LIVE, state="attached")
    page.wait_for_timeout(1000)  # que se dibujen los demás
    for name, selector in LABS.items():
        lab = page.locator(f".lm-lab:has({selector})")
        if not lab.count():
            continue
        times = sorted(
            t for handle in lab.locator(".noUi-handle:visible").all() for t in _move(page, handle)
        )
        if not times:  # solo tiene listas
            continue
        yield (
            f"{page_name}, {name}: un control contesta en {statistics.median(times):.1f} ms "
            f"(mediana), {times[int(0.95 * len(times))]:.1f} ms (percentil 95), {times[-1]:.1f} ms "
            f"(máximo), n = {len(times)}"
        )
    page.close()


def _move(page: Page, handle) -> list[float]:
    handle.scroll_into_view_if_needed()
    return page.evaluate(ANSWER, handle.element_handle())
