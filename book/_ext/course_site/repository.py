"""Deriva de `repository.url` todo lo que enlaza al repositorio, o lo oculta si aún no hay uno."""

import re
from urllib.parse import quote

PLACEHOLDER = "https://github.com/ORG/REPO"
_GITHUB = re.compile(r"https://github\.com/(?P<owner>[^/]+)/(?P<name>[^/]+)")


def setup(app):
    app.connect("config-inited", _configure)
    app.connect("html-page-context", _translate_issue, priority=900)


def _configure(app, config):
    options = config.html_theme_options
    url = options.get("repository_url", "")
    if url == PLACEHOLDER:
        options.update(
            repository_url="",
            launch_buttons={},
            use_repository_button=False,
            use_issues_button=False,
            use_edit_page_button=False,
        )
    elif found := _GITHUB.fullmatch(url.rstrip("/")):
        config.html_baseurl = f"https://{found['owner']}.github.io/{found['name']}/"


def _translate_issue(app, pagename, templatename, context, doctree):
    """Propone en español el título y el texto del aviso que se abre desde una página."""
    title = quote(f"Problema en la página {pagename}")
    body = quote("Describe qué viste y qué esperabas.")
    for group in context.get("header_buttons", []):
        for button in group.get("buttons", []):
            if button.get("label") == "source-issues-button":
                button["url"] = f"{button['url'].split('?')[0]}?title={title}&body={body}"
