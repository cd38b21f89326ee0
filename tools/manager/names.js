// Los deslizadores y los botones de solo icono no dicen su nombre a un lector de pantalla: el de un deslizador se toma
// de su rótulo y el de un botón, de su icono.
const ICONS = { play: "Reproducir", pause: "Pausar", stop: "Detener", retweet: "Repetir" };

function name() {
  for (const label of document.querySelectorAll(".widget-label[title='null']")) {
    label.removeAttribute("title"); // ipywidgets lo escribe así cuando no hay explicación
  }
  for (const handle of document.querySelectorAll(".noUi-handle:not([aria-label])")) {
    const label = handle.closest(".jupyter-widgets")?.querySelector(".widget-label");
    const said = label && label.textContent.trim();
    if (said) handle.setAttribute("aria-label", said);
  }
  for (const icon of document.querySelectorAll("button.jupyter-button:not([aria-label]) > i.fa")) {
    const known = Object.keys(ICONS).find((one) => icon.classList.contains("fa-" + one));
    const button = icon.parentElement;
    if (known && !button.textContent.trim()) button.setAttribute("aria-label", ICONS[known]);
  }
}

export function nameControls() {
  const main = document.querySelector("#main-content") || document.body;
  new MutationObserver(name).observe(main, { childList: true, subtree: true });
}
