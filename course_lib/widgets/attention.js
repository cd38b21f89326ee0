// Laboratorio de atención: el mapa de una cabeza, un arco por cada mirada y lo que más mira cada token.

// ---- las cuentas (puras; las prueba node contra Python)

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// Los pesos de una cabeza: rows[i][j] es cuánto mira el token i al j, con j ≤ i.
export function headWeights(data, entry, layer, head) {
  const T = entry.tokens.length;
  let at = T * (T + 1) * (layer * data.heads + head); // dos cifras por peso
  const next = () => 64 * DIGITS.indexOf(entry.weights[at++]) + DIGITS.indexOf(entry.weights[at++]);
  return Array.from({ length: T }, (_, i) =>
    Array.from({ length: i + 1 }, () => next() / data.levels));
}

export const strongest = (row) => row.indexOf(Math.max(...row));

// ---- la vista

const ROW = 26; // alto de cada token en la lista, el mismo que en attention.css
const DRAWN = 0.05; // los arcos de menos peso no se dibujan

function build({ move }) {
  const named = h("div", { class: "lm-named" });
  const heading = line("title");
  const measures = line("detail");
  const detail = line("look");
  const map = h("div", { class: "lm-scroll" });
  const arcs = h("ol", { class: "lm-arcs" });
  const pieces = line("detail", "�: el token es solo una parte de un carácter.");
  const scale = legend(["lm-ramp", "1", "peso 0"], ["lm-future", "el futuro: no puede mirarlo"]);
  const parts = [named, h("div", {}, heading, measures), detail,
    h("div", { class: "lm-pair" },
      h("div", {}, line("caption", "Fila: el token que mira. Columna: el mirado."), map, scale),
      h("div", {}, line("caption", `Lo que más mira cada token; arcos desde ${DRAWN}.`), arcs)),
    pieces];
  let chosen = {}; // la oración y, en ella, el token cuya mirada se señala
  const paint = ({ data, entry, badge, s: { layer, head } }) => {
    const rows = headWeights(data, entry, layer, head);
    const name = names(entry.tokens);
    const sentence = (i, j) => `${name(i)} mira a ${name(j)}: ${number(rows[i][j])}`;
    const select = (i, j) => {
      chosen = { text: entry.text, query: i };
      detail.textContent = sentence(i, j);
      point(map, arcs, i, j);
    };
    heading.replaceChildren(badge, `Capa ${layer}, cabeza ${head}`);
    measures.textContent = measured(data, layer, head);
    if (!named.hasChildNodes()) named.append(...shortcuts(data, move));
    for (const button of named.querySelectorAll("button")) {
      const { dataset } = button;
      button.setAttribute("aria-pressed", Number(dataset.layer) === layer && Number(dataset.head) === head);
    }
    map.replaceChildren(heatMap(entry.tokens, rows, sentence, select));
    arcs.replaceChildren(drawing(rows), ...rows.map((row, i) =>
      arcRow(entry.tokens[i], name(strongest(row)), row, () => select(i, strongest(row)))));
    pieces.hidden = !entry.tokens.some((text) => text.includes("�"));
    const query = chosen.text === entry.text ? chosen.query : rows.length - 1;
    select(query, strongest(rows[query]));
    return { shown: { prompt: entry.text, layer, head },
      said: `${heading.textContent}. ${measures.textContent} ${detail.textContent}` };
  };
  return { parts, paint };
}

// Cómo se nombra cada token en una frase; los repetidos llevan su lugar.
function names(tokens) {
  const short = tokens.map((text) => text.trim().replace(/\n/g, "↵") || "␣");
  return (i) => `«${short[i]}»`
    + (short.filter((text) => text === short[i]).length > 1 ? ` (${i + 1}.º)` : "");
}

function measured(data, layer, head) {
  const at = layer * data.heads + head;
  const list = (score) => Object.entries(data.patterns).map(([key, text]) => score(key, text)).join(", ");
  return "Peso medio en cada patrón, con tokens al azar escritos dos veces: "
    + `${list((key, text) => `${text} ${number(data.scores[key][at])}`)}. `
    + `Repartir por igual daría ${list((key) => number(data.chance[key]))}.`;
}

// Un botón por cabeza con nombre; mueve los controles deslizantes.
function shortcuts(data, move) {
  const button = ([pattern, layer, head]) => {
    const score = number(data.scores[pattern][layer * data.heads + head]);
    return h("button", { type: "button", "data-layer": layer, "data-head": head,
      onclick: () => move({ layer, head }) }, `${layer}·${head} (${score})`,
    h("span", { class: "lm-hidden" }, `: ${data.patterns[pattern]} en la capa ${layer}, cabeza ${head}`));
  };
  const groups = Object.entries(data.patterns).map(([key, text]) =>
    [text, data.named.filter(([pattern]) => pattern === key)]);
  return [line("caption", "Cabezas que siguen un patrón: capa·cabeza, contadas desde 0 (peso medio en él)"),
    ...groups.filter(([, heads]) => heads.length).map(([text, heads]) =>
      h("div", {}, h("span", {}, text), ...heads.map(button)))];
}

// ---- el mapa de calor

function heatMap(tokens, rows, sentence, select) {
  const label = (text, scope) => h("th", { scope }, h("span", {}, tokenNode(text)));
  const cell = (i, j) => {
    if (j > i) return h("td", { class: "lm-future", role: "gridcell", "aria-label": "el futuro" });
    const w = rows[i][j];
    return h("td", { class: "lm-cell", role: "gridcell", tabindex: -1, style: `--w:${w}`,
      "data-query": i, "data-key": j, "data-weight": w, "aria-label": sentence(i, j),
      onmouseenter: () => select(i, j), onfocus: () => select(i, j), onclick: () => select(i, j) });
  };
  const grid = h("table", { class: "lm-map", role: "grid",
    "aria-label": "Mapa de atención: flechas para recorrerlo" },
    h("thead", {}, h("tr", {}, h("td", {}), ...tokens.map((text) => label(text, "col")))),
    h("tbody", {}, ...tokens.map((text, i) => h("tr", {}, label(text, "row"),
      ...tokens.map((_, j) => cell(i, j))))));
  arrows(grid, ({ dataset: { query, key } }, down, right) => (query === undefined ? undefined
    : cellAt(grid, Number(query) + down, Number(key) + right)));
  return grid;
}

const cellAt = (node, i, j) => node.querySelector(`[data-query="${i}"][data-key="${j}"]`);

// Señala una celda, su fila y sus arcos; el tabulador llega a ella.
function point(map, arcs, i, j) {
  for (const old of map.querySelectorAll(".lm-on")) old.classList.remove("lm-on");
  const cell = cellAt(map, i, j);
  cell.classList.add("lm-on");
  reach(map, cell);
  for (const part of arcs.querySelectorAll("[data-query]")) {
    part.classList.toggle("lm-on", Number(part.dataset.query) === i);
  }
}

// ---- los arcos

function arcRow(text, target, row, select) {
  const best = strongest(row);
  return h("li", { "data-query": row.length - 1, "data-best": best, "data-weight": row[best],
    onmouseenter: select, onclick: select },
    tokenNode(text), h("span", { class: "lm-hidden" }, "mira a"),
    h("b", {}, target), h("span", { class: "lm-value" }, number(row[best])));
}

function drawing(rows) {
  const T = rows.length;
  const arc = (w, i, j) => {
    const [from, to] = [(i + 0.5) * ROW, (j + 0.5) * ROW];
    const far = i === j ? 14 : 18 + 115 * ((i - j) / T); // un arco corto sobresale menos
    const d = i === j ? `M0,${from - 5} C${far},${from - 6} ${far},${from + 6} 0,${from + 5}`
      : `M0,${from} C${far},${from} ${far},${to} 0,${to}`;
    return svg("path", { d, "data-query": i, "data-key": j,
      "stroke-width": 0.5 + 4.5 * w, "stroke-opacity": 0.25 + 0.75 * w });
  };
  return svg("svg", { viewBox: `0 0 100 ${ROW * T}`, preserveAspectRatio: "none", "aria-hidden": "true" },
    ...rows.flatMap((row, i) => row.map((w, j) => (w < DRAWN ? null : arc(w, i, j)))));
}

export default lab({ name: "attention", label: "Laboratorio de atención", traits: ["layer", "head"], build });
