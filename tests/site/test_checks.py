"""Los controles de calidad encuentran lo que buscan: una página con todos los defectos."""

import pytest

from tests.site import checks
from tests.site.browser import home_of, serve

BAD = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Mala</title></head><body><main>
<button></button><button title="Toggle sidebar">x</button>
<img src="figura.png" alt="figura.png"><i class="fas fa-ajeno"></i>
<div style="width: 3000px">ancha</div>
<script src="https://example.org/ajeno.js"></script>
<script>console.error("algo falló")</script>
</main></body></html>"""


@pytest.fixture
def bad(visit, tmp_path):
    (tmp_path / "mala.html").write_text(BAD, encoding="utf-8")
    server = serve(tmp_path)
    yield visit(home_of(server), "mala.html")
    server.shutdown()
    server.server_close()


def test_every_defect_is_found(bad, tmp_path, monkeypatch):
    for part in (bad.page, bad.page.locator("main")):
        assert any(found.startswith("button-name") for found in checks.accessibility(part))
    assert "lang='en'" in checks.language(bad.page)
    assert "Toggle sidebar" in checks.language(bad.page)
    assert "ancha" in checks.layout(bad.page)[0]
    assert "figura.png" in checks.images(bad.page)[0]
    assert '<i class="fas fa-ajeno">' in checks.icons(bad.page)[0]
    assert bad.foreign == ["https://example.org/ajeno.js"]
    assert checks.weight(bad.page, bad.home, tmp_path) == []
    monkeypatch.setattr(checks, "PLAIN", 100)
    assert "más de 100" in checks.weight(bad.page, bad.home, tmp_path)[0]
    assert "consola: algo falló" in bad.failures
    assert any(found.startswith("404") for found in bad.failures)
