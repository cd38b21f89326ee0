// Prepara la página para los controles. Se carga antes que require.js y solo donde hay controles.
(function () {
  // Funciona a cualquier profundidad, también con la página abierta desde un archivo.
  const lib = new URL("../lib/", document.currentScript.src).href;
  const manager = lib + "html-manager/";
  // require.js toma como configuración el objeto que encuentra. Lo que no conoce lo busca en `lib`.
  window.requirejs = {
    baseUrl: lib,
    paths: {
      anywidget: lib + "anywidget",
      // Ya vienen dentro de embed-amd.js: la ruta solo indica dónde están sus tipos de letra.
      "@jupyter-widgets/html-manager/dist/libembed-amd": manager + "libembed-amd",
      "@jupyter-widgets/html-manager": manager + "index",
      "@jupyter-widgets/base": manager + "base",
      "@jupyter-widgets/controls": manager + "controls",
    },
    waitSeconds: 30,
  };
  // El tema cambiaría los <i> de los botones al aparecer y los controles Play fallarían.
  window.FontAwesomeConfig = Object.assign({ observeMutations: false }, window.FontAwesomeConfig);

  document.addEventListener("DOMContentLoaded", function () {
    // ipywidgets 8 aún llama a la interfaz de MathJax 2.
    const mathjax = window.MathJax;
    if (mathjax && !mathjax.Hub) {
      mathjax.Hub = {
        Queue: (call) => mathjax.typesetPromise && call && call[2] && mathjax.typesetPromise([call[2]]),
      };
    }
    nameControls();
    const main = document.querySelector("#main-content") || document.body;
    new MutationObserver(nameControls).observe(main, { childList: true, subtree: true });
  });

  const ICONS = { play: "Reproducir", pause: "Pausar", stop: "Detener", retweet: "Repetir" };

  // Los deslizadores y los botones de solo icono no dicen su nombre a un lector de pantalla: el de
  // un deslizador se toma de su rótulo y el de un botón, de su icono.
  function nameControls() {
    for (const label of document.querySelectorAll(".widget-label[title='null']")) {
      label.removeAttribute("title"); // ipywidgets lo escribe así cuando no hay explicación
    }
    for (const handle of document.querySelectorAll(".noUi-handle:not([aria-label])")) {
      const label = handle.closest(".jupyter-widgets")?.querySelector(".widget-label");
      const name = label && label.textContent.trim();
      if (name) handle.setAttribute("aria-label", name);
    }
    for (const icon of document.querySelectorAll("button.jupyter-button:not([aria-label]) > i.fa")) {
      const known = Object.keys(ICONS).find((name) => icon.classList.contains("fa-" + name));
      const button = icon.parentElement;
      if (known && !button.textContent.trim()) button.setAttribute("aria-label", ICONS[known]);
    }
  }
})();
