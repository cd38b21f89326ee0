// Las piezas con que dibuja cualquier laboratorio. Todo texto entra como texto, nunca como HTML.

// ---- números

export const sum = (values) => values.reduce((a, b) => a + b, 0);
export const number = (x, digits = 2) => (x < 0 ? "−" : "") + Math.abs(x).toFixed(digits);
export const integer = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, "\u202f");
export function percent(p) {
  if (p === 0) return "0\u202f%";
  if (p < 1e-4) return "<0.01\u202f%";
  return (100 * p).toFixed(p < 0.01 ? 2 : 1) + "\u202f%";
}

// ---- elementos

function fill(node, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value == null) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child != null));
  return node;
}

// Un elemento de HTML o de SVG; un atributo `onclick` es la función que atiende el clic.
export const h = (tag, attributes = {}, ...children) =>
  fill(document.createElement(tag), attributes, children);
export const svg = (tag, attributes = {}, ...children) =>
  fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

// Un párrafo: title, caption, detail (letra pequeña), note (destacado), prompt (el texto elegido).
export const line = (kind, ...children) => h("p", { class: `lm-${kind}` }, ...children);

// Un token con sus espacios a la vista.
const MARKS = { " ": "␣", "\n": "↵", "\t": "⇥" };
export const tokenNode = (text) => h("span", { class: "lm-token" },
  ...(text || "∅").split(/([ \n\t])/).filter(Boolean).map((part) =>
    MARKS[part] ? h("span", { class: "lm-mark" }, MARKS[part]) : part));

// Un token y, debajo, su número.
export const tokenWith = (kind, text, below) =>
  h("span", { class: `lm-step ${kind}` }, tokenNode(text), h("small", {}, below));

// El texto que se dio, y el mismo con el hueco de lo que sigue.
export const given = (text) => h("span", { class: "lm-given" }, text);
export const openText = (badge, text) =>
  [badge, h("span", {}, text), h("span", { class: "lm-gap" })];

// ---- cifras, barras, leyendas y tablas

// Cifras destacadas: [nombre, valor, detalle].
export const stats = (rows) => rows.map(([name, value, detail]) =>
  h("p", {}, h("span", {}, name), h("b", {}, value), h("span", { class: "lm-detail" }, detail)));

// Las partes de un total, una al lado de otra: [clase, proporción, texto].
export const strip = (parts) => parts.map(([kind, share, text = ""]) =>
  h("span", { class: `lm-part ${kind}`, style: `flex-grow:${share}` }, text));

// Una barra sobre su fondo, con las marcas que lleve encima.
export const track = (bar, ...marks) =>
  h("span", { class: "lm-track", "aria-hidden": "true" }, bar, ...marks);

// Qué significa cada muestra: [clase, texto que la sigue, texto que la precede].
export const legend = (...items) => line("key", ...items.map(([kind, after, before]) =>
  h("span", {}, before, h("i", { class: kind }), after)));

// Una tabla. `columns`: sus títulos; `rows`: [atributos, celda, celda, ...]. Una celda que ya es <th> o
// <td> queda como está; una nula no se pone.
export function table({ kind, caption, columns, rows }) {
  const cell = (content) => (/^T[HD]$/.test(content?.nodeName) ? content : h("td", {}, content));
  const present = (cells) => cells.filter((content) => content != null);
  return h("table", { class: `lm-table ${kind}` },
    caption ? h("caption", {}, caption) : null,
    h("thead", {}, h("tr", {}, ...present(columns).map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", {}, ...rows.map(([attributes, ...cells]) =>
      h("tr", attributes, ...present(cells).map(cell)))));
}

// ---- teclado

const ARROWS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

// Las flechas llevan de un elemento a otro. `next(elemento, filas, columnas)` dice a cuál; null, que
// ahí no hay ninguno; undefined, que la tecla no es para él.
export function arrows(node, next) {
  node.addEventListener("keydown", (event) => {
    const target = ARROWS[event.key] && next(event.target, ...ARROWS[event.key]);
    if (target === undefined) return;
    event.preventDefault();
    if (!target) return;
    reach(node, target);
    target.focus();
  });
}

// El tabulador llega a un solo elemento de `node`: este.
export function reach(node, target) {
  for (const old of node.querySelectorAll("[tabindex='0']")) old.tabIndex = -1;
  target.tabIndex = 0;
}
