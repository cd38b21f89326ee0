// ipywidgets 8 aún llama a la interfaz de MathJax 2; una página sin ecuaciones no lleva MathJax, y nada se compone.
export function typeset(element) {
  window.MathJax?.startup?.promise?.then(() => window.MathJax.typesetPromise([element]));
  return element;
}

export function prepareMath() {
  document.addEventListener("DOMContentLoaded", () => {
    const mathjax = window.MathJax;
    if (mathjax && !mathjax.Hub) mathjax.Hub = { Queue: (call) => call?.[2] && typeset(call[2]) };
  });
}
