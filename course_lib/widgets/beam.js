// Laboratorio de búsqueda en haz: el árbol con lo que sigue, lo que se poda y lo que termina.

const STATUS = { kept: "sigue", finished: "termina", dropped: "podada" };
const EARLY = [false, true, "never"];
const ROW = 47;
const NODE = 40;
const TOP = 26;
const SVG = "http://www.w3.org/2000/svg";

function render(context) {
  const { model } = context;
  const live = announcer();
  const heading = h("p", { class: "lm-prompt" });
  const detail = h("div", { class: "lm-pathbox" });
  const tree = makeTree(detail);
  const versus = h("div", { class: "lm-versus" });
  const table = h("div", { class: "lm-scroll" });
  const stop = h("p", { class: "lm-note" });
  const root = h("div", { class: "lm-view lm-beam", role: "group",
    "aria-label": "Laboratorio de búsqueda en haz" },
    heading, tree.node, detail, legend(), versus, stop, table, live.node);
  const traits = ["num_beams", "steps", "length_penalty", "early_stopping"];
  const dispose = mount(context, root, traits, (data, prompt, own) => {
    const s = Object.fromEntries(traits.map((name) => [name, model.get(name)]));
    s.early_stopping = EARLY[s.early_stopping];
    s.steps = Math.min(s.steps, data.max_steps);
    const result = beamSearch(data, prompt, s);
    const greedy = greedySearch(data, prompt, s.steps);
    const view = { data, prompt, s, ...result, greedy, winner: result.finished[0] };
    heading.replaceChildren(own ? h("span", { class: "lm-badge" }, "tu texto") : "",
      h("span", {}, prompt.text), h("span", { class: "lm-gap" }));
    Object.assign(root.dataset, { prompt: prompt.text, reason: result.reason,
      levels: result.levels.length, greedy: ids(greedy) });
    tree.paint(view);
    paintVersus(versus, view);
    stop.textContent = stopText(view);
    table.replaceChildren(finishedTable(view));
    live.say(`Gana «${written(view.winner)}», puntaje ${number(view.winner.score)}. ${stop.textContent}`);
  });
  let width = 0; // solo importa el ancho: el alto cambia al señalar un nodo
  const resize = new ResizeObserver(([{ contentRect }]) => {
    if (contentRect.width !== width) tree.resize();
    width = contentRect.width;
  });
  resize.observe(root);
  return () => { resize.disconnect(); dispose(); };
}

const written = (node) => path(node).map((n) => n.text).join("").replace(/\n/g, "↵");
const ids = (node) => path(node).map((n) => n.id).join(",");
const score = (node, s) => node.sum / node.length ** s.length_penalty;

// ---- el árbol

function makeTree(detail) {
  const edges = document.createElementNS(SVG, "svg");
  edges.setAttribute("aria-hidden", "true");
  const layer = h("div", { class: "lm-nodes" });
  const canvas = h("div", { class: "lm-canvas" }, edges, layer);
  const node = h("div", { class: "lm-scroll lm-tree", role: "group" }, canvas);
  let view = null;
  let places = new Map(); // nodo -> {button, edge}

  function select(chosen) {
    const line = new Set(chosen === view.winner ? [] : path(chosen));
    for (const [n, { button, edge }] of places) {
      button.classList.toggle("lm-on", line.has(n));
      edge.classList.toggle("lm-on", line.has(n));
    }
    paintDetail(detail, view, chosen);
  }
  function move(event) {
    const current = [...places.keys()].find((n) => places.get(n).button === event.target);
    const level = view.levels.find((nodes) => nodes.includes(current));
    const target = {
      ArrowLeft: () => current.parent,
      ArrowRight: () => view.levels.flat().find((n) => n.parent === current),
      ArrowDown: () => level[current.rank + 1],
      ArrowUp: () => level[current.rank - 1],
    }[event.key]?.();
    if (!target) return;
    event.preventDefault();
    for (const { button } of places.values()) button.tabIndex = -1;
    const { button } = places.get(target);
    button.tabIndex = 0;
    button.focus();
  }
  layer.addEventListener("keydown", move);
  layer.addEventListener("mouseleave", () => select(view.winner));

  function place(n, column, pitch, won, greedy) {
    const x = 18 + column * pitch;
    const y = TOP + n.rank * ROW;
    const from = n.parent ? { x: x - 24, y: TOP + n.parent.rank * ROW + NODE / 2 }
      : { x: 4, y: TOP + NODE / 2 };
    const isGreedy = greedy.has(ids(n));
    const kind = `lm-${n.status}${won.has(n) ? " lm-win" : ""}${isGreedy ? " lm-greedy" : ""}`;
    const edge = document.createElementNS(SVG, "path");
    const mid = (from.x + x) / 2;
    const to = y + NODE / 2;
    edge.setAttribute("d", `M${from.x},${from.y} C${mid},${from.y} ${mid},${to} ${x},${to}`);
    edge.setAttribute("class", kind);
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
    const root = document.createElementNS(SVG, "circle");
    for (const [k, v] of Object.entries({ cx: 5, cy: TOP + NODE / 2, r: 4 })) root.setAttribute(k, v);
    edges.replaceChildren(...[...places.values()].map((p) => p.edge)
      .sort((a, b) => a.classList.contains("lm-win") - b.classList.contains("lm-win")), root);
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
    node.setAttribute("aria-label", `Árbol de búsqueda con num_beams ${view.s.num_beams}: flechas `
      + "para recorrerlo");
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
    h("p", {}, h("span", { class: "lm-given" }, view.prompt.text), ...path(chosen).map((n) =>
      h("span", { class: "lm-step" }, tokenNode(n.text),
        h("small", {}, `${number(n.logprob)} · ${percent(Math.exp(n.logprob))}`)))),
    h("p", { class: "lm-detail" }, `suma ${number(chosen.sum)} · ${why(chosen, view.s)}`));
  box.dataset.sum = chosen.sum;
  box.dataset.logprob = chosen.logprob;
}

function legend() {
  const item = (kind, text) => h("span", {}, h("i", { class: `lm-node ${kind}` }), text);
  return h("p", { class: "lm-key" }, item("lm-kept lm-win", "la que gana"), item("lm-kept", "sigue"),
    item("lm-finished", "termina (★ su puntaje)"), item("lm-dropped", "podada"),
    item("lm-kept lm-greedy", "camino voraz"));
}

// ---- resultados

function card(kind, title, node, view) {
  return h("div", { class: `lm-card ${kind}`, "data-sum": node.sum,
    "data-path": ids(node) },
    h("p", { class: "lm-title" }, title),
    h("p", {}, h("span", { class: "lm-given" }, view.prompt.text), h("b", {}, written(node))),
    h("p", { class: "lm-detail" }, `log p = ${number(node.sum)} · ${node.length} tokens · puntaje `
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
    card("lm-isgreedy", "voraz", greedy, view), h("p", { class: "lm-verdict" }, verdict));
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
  return h("table", { class: "lm-table" },
    h("caption", {}, `Hipótesis terminadas: puntaje = suma / longitud^${s.length_penalty}`),
    h("thead", {}, h("tr", {}, ...["", "texto", "tokens", "suma", "puntaje"].map((name) =>
      h("th", { scope: "col" }, name)))),
    h("tbody", {}, ...finished.map((n, i) => h("tr", { "data-score": n.score, "data-sum": n.sum,
      "data-path": ids(n) },
      h("td", {}, i + 1), h("td", {}, written(n)), h("td", {}, n.length),
      h("td", {}, number(n.sum)), h("td", {}, number(n.score))))));
}

export default { render };
