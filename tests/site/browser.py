"""Un servidor de archivos y una visita que anota lo que una página pide y lo que falla en ella."""

import functools
import http.server
import threading
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page, Request, Response, Route

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# Cada control guardado en la página ya tiene su vista.
WIDGETS_READY = """() => {
  const kind = "script[type='application/vnd.jupyter.widget-view+json']";
  const views = [...document.querySelectorAll(kind)];
  return views.every((view) => view.parentElement.querySelector(".widget-subarea > *"));
}"""


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments) -> None:
        pass


def serve(folder: Path) -> http.server.ThreadingHTTPServer:
    """Sirve una carpeta en un puerto libre de esta máquina."""
    handler = functools.partial(_Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def home_of(server: http.server.ThreadingHTTPServer) -> str:
    return f"http://127.0.0.1:{server.server_port}/"


@dataclass
class Visit:
    """Una página abierta con la red de fuera cerrada."""

    page: Page
    home: str
    foreign: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.route("**/*", self._on_route)
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.failures.append(f"excepción: {error}"))
        self.page.on("response", self._on_response)
        self.page.on("requestfailed", self._on_failure)

    def open(self, path: str) -> Page:
        """Abre una página del sitio y espera a que termine de componerse."""
        self.page.goto(self.home + path)
        self.page.evaluate("() => window.MathJax?.startup?.promise.then(() => null)")
        self.page.wait_for_function(WIDGETS_READY)
        return self.page

    def _on_route(self, route: Route) -> None:
        if route.request.url.startswith((self.home, "data:", "blob:")):
            route.continue_()
        else:
            self.foreign.append(route.request.url)
            route.abort()

    def _on_console(self, message) -> None:
        if message.type == "error":
            self.failures.append(f"consola: {message.text}")

    def _on_response(self, response: Response) -> None:
        if response.status >= 400:
            self.failures.append(f"{response.status}: {response.url}")

    def _on_failure(self, request: Request) -> None:
        if request.url.startswith(self.home):
            self.failures.append(f"no cargó: {request.url}")
