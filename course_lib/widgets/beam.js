// Laboratorio de búsqueda en haz: el árbol con lo que sigue, lo que se poda y lo que termina.

// ---- las cuentas (puras; las prueba node contra course_lib.decoding)

const token = (data, parent, [index, logprob, child = -1]) => ({
  parent, logprob, child, id: data.ids[index], text: data.tokens[index],
  sum: (parent ? parent.sum : 0) + logprob,
  length: (parent ? parent.length : 0) + 1,
  eos: data.eos.includes(data.ids[index]),
});

export const path = (node) => (node ? [...path(node.parent), node] : []);

const score = (node, s) => node.sum / node.length ** s.length_penalty;

// Siempre el más probable, hasta el fin de texto o `steps` tokens.
export function greedySearch(data, prompt, steps) {
  let node = null;
  for (let i = 0; i < steps && !node?.eos; i++) {
    node = token(data, node, prompt.nodes[node ? node.child : 0][0]);
  }
  return node;
}

// La búsqueda en haz de transformers, con su traza. `s` = {num_beams, steps, length_penalty,
// early_stopping: false | true | "never"}. Con num_beams = 1 es la búsqueda voraz, como allí.
export function beamSearch(data, prompt, s) {
  const K = s.num_beams;
  const width = K === 1 ? 2 : Math.max(2, 1 + data.eos.length) * K;
  let running = [null];
  let finished = [];
  const levels = [];
  let reason = "length";
  for (let step = 1; step <= s.steps; step++) {
    const all = running.flatMap((h) =>
      prompt.nodes[h ? h.child : 0].slice(0, width).map((c) => token(data, h, c)));
    const candidates = all.sort((a, b) => b.sum - a.sum).slice(0, width); // orden estable
    const full = s.early_stopping === true && finished.length === K;
    candidates.forEach((c, rank) => {
      c.rank = rank;
      c.over = c.eos || step === s.steps;
      c.score = score(c, s);
      c.status = "dropped";
    });
    const entering = full ? [] : candidates.filter((c) => c.over && c.rank < K);
    finished = [...finished, ...entering].sort((a, b) => b.score - a.score).slice(0, K);
    entering.filter((c) => finished.includes(c)).forEach((c) => (c.status = "finished"));
    const greedyEnd = K === 1 && finished.length > 0;
    running = greedyEnd ? [] : candidates.filter((c) => !c.over).slice(0, K);
    running.forEach((c) => (c.status = "kept"));
    levels.push(candidates);
    if (candidates.every((c) => c.over)) break;
    if (s.early_stopping === true && finished.length === K) { reason = "full"; break; }
    if (greedyEnd) { reason = "eos"; break; }
    const horizon = s.early_stopping === "never" && s.length_penalty > 0 ? s.steps : step;
    if (finished.length === K
      && running[0].sum / horizon ** s.length_penalty <= finished[K - 1].score) {
      reason = "hopeless"; break;
    }
  }
  return { levels, finished, reason };
}

// ---- la vista

const STATUS = { kept: "sigue", finished: "termina", dropped: "podada" };
const EARLY = [false, true, "never"];
const [ROW, NODE, TOP] = [47, 40, 26]; // alto de una fila, de un nodo y de los títulos

function build({ root }) {
  const heading = line("prompt");
  const detail = h("div", { class: "lm-pathbox" });
  const tree = makeTree(detail);
  const versus = h("div", { class: "lm-versus" });
  const stop = line("note");
  const finished = h("div", { class: "lm-scroll" });
  const key = legend(["lm-node lm-kept lm-win", "la que gana"], ["lm-node lm-kept", "sigue"],
    ["lm-node lm-finished", "termina (★ su puntaje)"], ["lm-node lm-dropped", "podada"],
    ["lm-node lm-kept lm-greedy", "camino voraz"]);
  const paint = ({ data, entry, own, badge, s: chosen }) => {
    const tokens = own ? { ...data, ids: entry.ids, tokens: entry.tokens } : data;
    const s = { ...chosen, early_stopping: EARLY[chosen.early_stopping],
      steps: Math.min(chosen.steps, data.max_steps) };
    const result = beamSearch(tokens, entry, s);
    const greedy = greedySearch(tokens, entry, s.steps);
    const view = { prompt: entry, s, ...result, greedy, winner: result.finished[0] };
    heading.replaceChildren(...openText(badge, entry.text));
    tree.paint(view);
    paintVersus(versus, view);
    stop.textContent = stopText(view);
    finished.replaceChildren(finishedTable(view));
    return { shown: { prompt: entry.text, reason: result.reason, levels: result.levels.length,
      greedy: ids(greedy) },
    said: `Gana «${written(view.winner)}», puntaje ${number(view.winner.score)}. ${stop.textContent}` };
  };
  let width = 0; // solo importa el ancho: el alto cambia al señalar un nodo
  const resize = new ResizeObserver(([{ contentRect }]) => {
    if (contentRect.width !== width) tree.resize();
    width = contentRect.width;
  });
  resize.observe(root);
  return { parts: [heading, tree.node, detail, key, versus, stop, finished], paint,
    dispose: () => resize.disconnect() };
}

const written = (node) => path(node).map((n) => n.text).join("").replace(/\n/g, "↵");
const ids = (node) => path(node).map((n) => n.id).join(",");

// ---- el árbol

function makeTree(detail) {
  const edges = svg("svg", { "aria-hidden": "true" });
  const layer = h("div", { class: "lm-nodes" });
  const canvas = h("div", { class: "lm-canvas" }, edges, layer);
  const node = h("div", { class: "lm-scroll lm-tree", role: "group" }, canvas);
  let view = null;
  let places = new Map(); // nodo -> {button, edge}

  function select(chosen) {
    const trail = new Set(chosen === view.winner ? [] : path(chosen));
    for (const [n, { button, edge }] of places) {
      for (const part of [button, edge]) part.classList.toggle("lm-on", trail.has(n));
    }
    paintDetail(detail, view, chosen);
  }
  arrows(layer, (button, down, right) => {
    const current = [...places.keys()].find((n) => places.get(n).button === button);
    const level = view.levels.find((nodes) => nodes.includes(current));
    const target = down ? level[current.rank + down]
      : right < 0 ? current.parent : view.levels.flat().find((n) => n.parent === current);
    return places.get(target)?.button;
  });
  layer.addEventListener("mouseleave", () => select(view.winner));

  function place(n, column, pitch, won, greedy) {
    const x = 18 + column * pitch;
    const y = TOP + n.rank * ROW;
    const from = n.parent ? { x: x - 24, y: TOP + n.parent.rank * ROW + NODE / 2 }
      : { x: 4, y: TOP + NODE / 2 };
    const isGreedy = greedy.has(ids(n));
    const kind = `lm-${n.status}${won.has(n) ? " lm-win" : ""}${isGreedy ? " lm-greedy" : ""}`;
    const mid = (from.x + x) / 2;
    const to = y + NODE / 2;
    const d = `M${from.x},${from.y} C${mid},${from.y} ${mid},${to} ${x},${to}`;
    const edge = svg("path", { d, class: kind });
    const value = n.status === "finished" ? `★ ${number(n.score)}` : number(n.sum);
    const button = h("button", { type: "button", class: `lm-node ${kind}`, tabindex: -1,
      style: `left:${x}px;top:${y}px;width:${pitch - 24}px;height:${NODE}px`,
      "data-id": n.id, "data-logprob": n.logprob, "data-sum": n.sum, "data-status": n.status,
      "data-rank": n.rank, "data-path": ids(n),
      onmouseenter: () => select(n), onfocus: () => select(n) },
      tokenNode(n.text), h("small", {}, value), h("span", { class: "lm-hidden" },
        `: paso ${column + 1}, puesto ${n.rank + 1}, ${STATUS[n.status]}; `
        + `log p ${number(n.logprob)}, suma ${number(n.sum)}`));
    places.set(n, { button, edge });
  }

  function resize() {
    if (!view) return;
    const columns = view.s.steps;
    const room = node.clientWidth || 720;
    const fit = Math.floor((room - 4) / columns);
    const pitch = fit < 106 ? 128 : Math.min(fit, 168); // si hay que desplazarse, que se lea bien
    const focused = document.activeElement?.dataset?.path;
    const within = layer.contains(document.activeElement);
    places = new Map();
    const won = new Set(path(view.winner));
    const greedy = new Set(path(view.greedy).map(ids));
    view.levels.forEach((nodes, column) =>
      nodes.forEach((n) => place(n, column, pitch, won, greedy)));
    const height = TOP + ROW * Math.max(...view.levels.map((nodes) => nodes.length));
    const width = columns * pitch;
    canvas.style.cssText = `width:${width}px;height:${height}px`;
    edges.setAttribute("viewBox", `0 0 ${width} ${height}`);
    edges.replaceChildren(...[...places.values()].map((p) => p.edge)
      .sort((a, b) => a.classList.contains("lm-win") - b.classList.contains("lm-win")),
      svg("circle", { cx: 5, cy: TOP + NODE / 2, r: 4 }));
    const heads = Array.from({ length: columns }, (_, i) =>
      h("span", { class: "lm-head", style: `left:${18 + i * pitch}px;width:${pitch - 24}px` },
        i < view.levels.length ? `paso ${i + 1}` : "—"));
    layer.replaceChildren(...heads, ...[...places.values()].map((p) => p.button));
    const again = within && [...places.values()].find((p) => p.button.dataset.path === focused);
    const entry = again || places.get(view.winner) || [...places.values()][0];
    entry.button.tabIndex = 0;
    if (again) again.button.focus();
    else select(view.winner);
  }
  return { node, resize, paint: (newView) => {
    view = newView;
    const beams = view.s.num_beams;
    node.setAttribute("aria-label", `Árbol de búsqueda con num_beams ${beams}: flechas para recorrerlo`);
    resize();
  } };
}

function why(n, s) {
  if (n.status === "kept") return `sigue: está entre las ${s.num_beams} mejores que no terminaron`;
  if (n.status === "finished") {
    const end = n.eos ? "escribió el token final" : "llegó al último paso";
    return `termina: ${end}; puntaje ${number(n.sum)} / ${n.length}^${s.length_penalty} = ${number(n.score)}`;
  }
  return `podada: quedó en el puesto ${n.rank + 1} y `
    + (n.over ? `solo terminan las ${s.num_beams} primeras` : `solo siguen ${s.num_beams}`);
}

function paintDetail(box, view, chosen) {
  box.replaceChildren(
    h("p", {}, given(view.prompt.text), ...path(chosen).map((n) =>
      tokenWith("", n.text, `${number(n.logprob)} · ${percent(Math.exp(n.logprob))}`))),
    line("detail", `suma ${number(chosen.sum)} · ${why(chosen, view.s)}`));
  box.dataset.sum = chosen.sum;
  box.dataset.logprob = chosen.logprob;
}

// ---- resultados

function card(kind, title, node, view) {
  return h("div", { class: `lm-card ${kind}`, "data-sum": node.sum, "data-path": ids(node) },
    line("title", title),
    h("p", {}, given(view.prompt.text), h("b", {}, written(node))),
    line("detail", `log p = ${number(node.sum)} · ${node.length} tokens · puntaje `
      + number(score(node, view.s))));
}

function paintVersus(box, view) {
  const { winner, greedy, s } = view;
  const same = written(winner) === written(greedy) && winner.length === greedy.length;
  const ratio = Math.exp(Math.abs(winner.sum - greedy.sum));
  const times = ratio < 10 ? ratio.toFixed(1) : integer(Math.round(ratio));
  const lengths = winner.length === greedy.length ? ""
    : `, con ${winner.length} tokens en vez de ${greedy.length}`;
  const verdict = same ? "El haz y la búsqueda voraz escriben lo mismo."
    : winner.sum >= greedy.sum ? `Lo del haz es ${times} veces más probable que lo voraz${lengths}.`
      : `Lo voraz es ${times} veces más probable: el haz podó ese camino o prefirió otra longitud.`;
  box.replaceChildren(card("lm-iswin", `haz, num_beams = ${s.num_beams}`, winner, view),
    card("lm-isgreedy", "voraz", greedy, view), line("verdict", verdict));
}

function stopText({ reason, levels, s }) {
  const step = levels.length;
  return {
    length: `Se detuvo en el paso ${step}, el último.`,
    eos: `Se detuvo en el paso ${step}: escribió el token final.`,
    full: `Se detuvo en el paso ${step}: ya terminaron ${s.num_beams} y early_stopping=True no espera más.`,
    hopeless: `Se detuvo en el paso ${step}: según su cuenta, ninguna viva puede superar a la peor terminada.`,
  }[reason];
}

function finishedTable({ finished, s }) {
  return table({ kind: "lm-finals",
    caption: `Hipótesis terminadas: puntaje = suma / longitud^${s.length_penalty}`,
    columns: ["", "texto", "tokens", "suma", "puntaje"],
    rows: finished.map((n, i) => [
      { "data-score": n.score, "data-sum": n.sum, "data-path": ids(n) },
      i + 1, written(n), n.length, number(n.sum), number(n.score)]) });
}

export default lab({ name: "beam", label: "Laboratorio de búsqueda en haz",
  traits: ["num_beams", "steps", "length_penalty", "early_stopping"], build });
