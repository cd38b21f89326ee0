// Lo que los controles y MathJax necesitan uno del otro. Una página sin ecuaciones no lleva MathJax.

// Compone las fórmulas de un elemento. Antes de que MathJax llegue no hay nada que hacer: él compone la página entera.
export function typeset(element) {
  window.MathJax?.startup?.promise?.then(() => window.MathJax.typesetPromise([element]));
  return element;
}

// Las fórmulas de la página se componen cuando los controles ya viven: ocupan el navegador más que dibujarlos.
export function typesetAfter(controls) {
  if (!window.MathJax) return; // hasta que se carga es su configuración
  const pageReady = async () => {
    await controls.catch(() => {});
    return window.MathJax.startup.defaultPageReady();
  };
  window.MathJax.startup = { ...window.MathJax.startup, pageReady };
}

// ipywidgets 8 aún llama a la interfaz de MathJax 2; esbuild pone esto en el lugar de la llamada.
const queue = ([, , element]) => typeset(element);
export { queue as "MathJax.Hub.Queue" };
