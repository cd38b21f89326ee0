// Lo que los controles y MathJax necesitan uno del otro. Una página sin ecuaciones no lleva MathJax.

// Compone las fórmulas de un elemento, si la página lleva MathJax.
export function typeset(element) {
  window.MathJax?.startup?.promise?.then(() => window.MathJax.typesetPromise([element]));
  return element;
}

// Las fórmulas se componen cuando los controles ya viven: componerlas ocupa el navegador más que dibujarlos.
export function typesetAfter(controls) {
  if (!window.MathJax) return; // lo que hay hasta que se carga es su configuración
  const pageReady = async () => {
    await controls.catch(() => {});
    const mathjax = window.MathJax;
    // ipywidgets 8 aún llama a la interfaz de MathJax 2
    mathjax.Hub = { Queue: (call) => call?.[2] && typeset(call[2]) };
    return mathjax.startup.defaultPageReady();
  };
  window.MathJax.startup = { ...window.MathJax.startup, pageReady };
}
