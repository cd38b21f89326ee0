// Una ecuación más ancha que la pantalla se desplaza: que también se pueda con el teclado.
window.MathJax ??= {};
window.MathJax.options ??= {};
window.MathJax.options.renderActions = {
  ...window.MathJax.options.renderActions,
  focusable: [
    201, // después de puesta en la página
    (document) => [...document.math].forEach(focusable),
    focusable,
  ],
};
function focusable(math) {
  if (math.display && math.typesetRoot) math.typesetRoot.tabIndex = 0;
}
