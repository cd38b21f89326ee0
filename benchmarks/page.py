"""Qué pesan las páginas con laboratorio, cuánto tardan en estar vivas y en contestar a un control."""

from __future__ import annotations

import functools
import gzip
import http.server
import statistics
import subprocess
import sys
import threading
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / "_build" / "html"
LINE = {"latency": 40, "downloadThroughput": 10e6 / 8, "uploadThroughput": 10e6 / 8}  # 10 Mbit/s
LABS = {  # lo que cada vista tiene en cuanto ha dibujado
    "temperatura": ".lm-temperature[data-kept]",
    "haz": ".lm-beam[data-levels]",
    "atención": ".lm-attention[data-layer]",
    "tamaños": ".lm-size[data-total]",
    "prompting": ".lm-prompting[data-best]",
}
TEXT = {".html", ".js", ".css", ".json", ".svg"}

PAINT = """() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0"""
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
    """Sirve como un servidor de páginas corriente: con gzip lo que es texto."""

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


def run(repeats: int = 3):
    """Produce las líneas del informe: una por página con laboratorio y una por control."""
    pages = [p for p in sorted(SITE.glob("book/*.html")) if ".lm-lab" in p.read_text("utf-8")]
    if not pages:
        yield "el sitio no está construido o no tiene laboratorios: `make book` y vuelve a medir"
        return
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(_Compressed, directory=str(SITE))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    found = [sys.executable, ROOT / "tools" / "chromium.py"]
    chromium = subprocess.run(found, capture_output=True, text=True, check=True).stdout.strip()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for path in pages:
            url = f"http://127.0.0.1:{server.server_port}/{path.relative_to(SITE)}"
            yield _loading(browser, url, path.stem, repeats)
            yield from _answers(browser, url, path.stem)
        browser.close()
    server.shutdown()


def _loading(browser: Browser, url: str, name: str, repeats: int) -> str:
    runs = [_load(browser, url) for _ in range(repeats)]
    weight, paint, live = (statistics.median(values) for values in zip(*runs, strict=True))
    return (
        f"{name}: {weight / 1e6:.2f} MB con gzip; a 10 Mbit/s, primera pintura {paint / 1e3:.2f} s, "
        f"laboratorio vivo {live / 1e3:.1f} s (n = {repeats})"
    )


def _load(browser: Browser, url: str) -> tuple[float, float, float]:
    """(bytes, milisegundos hasta la primera pintura, hasta el primer laboratorio vivo)."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    line = context.new_cdp_session(page)
    sizes: list[float] = []
    line.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", {"offline": False, **LINE})
    page.goto(url, wait_until="commit")
    page.wait_for_selector(", ".join(LABS.values()), timeout=120_000)
    live = page.evaluate("performance.now()")
    page.wait_for_load_state("networkidle")
    paint = page.evaluate(PAINT)
    context.close()
    return sum(sizes), paint, live


def _answers(browser: Browser, url: str, page_name: str):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(url)
    page.wait_for_selector(", ".join(LABS.values()))
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
