"""El sitio construido, el servidor que lo entrega y un Chromium sin salida a la red."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.site.browser import ARGUMENTS, Visit, home_of, serve
from tests.site.building import ROOT, SITE, build, is_current

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.site)


@pytest.fixture(scope="session")
def site() -> Path:
    """La carpeta del sitio: lo construye si falta o quedó atrás."""
    if not is_current():
        done = build(ROOT)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return SITE


@pytest.fixture(scope="session")
def home(site: Path) -> Iterator[str]:
    """La dirección del sitio servido en esta máquina."""
    server = serve(site)
    yield home_of(server)
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    command = [sys.executable, ROOT / "tools" / "chromium.py"]
    found = subprocess.run(command, capture_output=True, text=True)
    assert found.returncode == 0, found.stderr
    with sync_playwright() as playwright:
        path = found.stdout.strip()
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., Visit]]:
    """Abre páginas: visit(home, "book/index.html", theme="dark", width=390) -> Visit."""
    contexts = []

    def open_page(home: str, path: str, *, theme="light", width=1280, script=True) -> Visit:
        context = chromium.new_context(
            color_scheme=theme,
            viewport={"width": width, "height": 900},
            java_script_enabled=script,
            locale="es",
        )
        contexts.append(context)
        visit = Visit(context.new_page(), home)
        visit.open(path) if script else visit.page.goto(home + path)
        return visit

    yield open_page
    for context in contexts:
        context.close()
