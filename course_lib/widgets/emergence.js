// Laboratorio «¿Emerge?»: una medida de todo o nada y otras más finas, sobre las mismas salidas.

// ---- el marco

const HEIGHT = 330;
const SHARE = { from: 0, to: 1, ticks: [0, 0.25, 0.5, 0.75, 1], format: (v) => number(v) };
const count = (n) => (n >= 1e7 ? `${integer(Math.round(n / 1e6))} millones` : integer(n));
const range = (low, high) => `[${number(low)}, ${number(high)}]`;

// El eje de los tamaños, en la unidad que los deja cortos.
function sizeAxis(sizes, width) {
  const [low, high] = [Math.min(...sizes), Math.max(...sizes)];
  const [unit, name] = low >= 1e6 ? [1e6, " (millones)"] : low >= 1e3 ? [1e3, " (miles)"] : [1, ""];
  const axis = { from: low / 1.4, to: high * 1.4, log: true, label: `parámetros${name}` };
  return { ...axis, ticks: niceTicks(axis, width < 480 ? 5 : 8), format: (v) => integer(v / unit) };
}

const wayClass = (data, way) => `lm-way${data.ways.indexOf(way)}`;

// ---- tareas

function tasksPage(data, s, pick) {
  const { ks, k, points, floor } = taskPoints(data, s);
  const [task, metric] = [data.tasks[s.task], METRICS[s.metric]];
  const chosen = data.points.find((p) => p.task === s.task && p.k === k && p.model === s.model);
  const exact = metric.key === "exact";
  const y = { ...(metric.key === "logprob" ? logAxis(floor) : SHARE), label: metric.name };
  const chance = exact && task.chance > 0 ? task.chance : null;
  const guess = chance ? `Al azar, ${number(chance)}` : "Respuesta abierta: al azar, 0";
  const ranked = [...points].sort((a, b) => a.value - b.value);
  const [worst, best] = [ranked[0], ranked.at(-1)];
  const verdict = points.length === 0 ? `${metric.name}: no se midió en esta tarea.`
    : `${metric.name}, k = ${k}: de ${number(worst.value)} (${worst.name}) a ${number(best.value)} `
      + `(${best.name}).${exact ? ` ${guess}.` : ""}`;
  const rows = points.map((p) => [{ "data-model": p.name, "data-value": p.value, "data-low": p.low,
    "data-high": p.high, class: p.model === s.model ? "lm-best" : "" },
  h("th", { scope: "row" }, h("button", { type: "button", "data-key": `row${p.model}`,
    "aria-expanded": String(p.model === s.model), onclick: () => pick(p.model) }, p.name)),
  number(p.value), range(p.low, p.high), p.n, count(p.parameters)]);
  return { ks, k, caption: metric.note, verdict, outputs: outputs(data, task, chosen),
    shown: { k, metric: metric.key },
    draw: (width) => drawTasks(width, data, points, { y, chance, chosen, pick }),
    key: [["lm-dot", "un modelo"], ["lm-bar95", `95\u202f%, ${exact ? "Wilson" : "por remuestreo"}`],
      ["lm-line lm-kin", "une solo modelos de una misma familia"],
      ...(chance === null ? [] : [["lm-line lm-chance", "al azar"]])],
    list: table({ kind: "lm-points", columns: ["modelo", "valor", "95\u202f%", "n", "parámetros"], rows }) };
}

function logAxis(floor) {
  const axis = { from: floor * 1.05, to: 0 };
  return { ...axis, ticks: niceTicks(axis), format: (v) => number(v, floor < -1 ? 1 : 2) };
}

function drawTasks(width, data, points, { y, chance, chosen, pick }) {
  const x = sizeAxis(data.models.map((m) => m.parameters), width);
  const f = frame(width, HEIGHT, x, y, { role: "group", "aria-label": `${y.label} de cada modelo según su tamaño; `
    + "flechas para recorrer los puntos, Intro para leer sus salidas" });
  const spots = points.map((p) => ({ ...p, cx: f.px(p.parameters), cy: f.py(p.value),
    top: f.py(p.high), bottom: f.py(p.low) }));
  const families = new Set(spots.map((p) => p.family).filter((family) => family !== null));
  const kin = [...families].map((family) =>
    spots.filter((p) => p.family === family).map((p) => [p.cx, p.cy]));
  const marks = spots.map((p, i) => svg("g", { class: p.model === chosen?.model ? "lm-spot lm-on" : "lm-spot",
    role: "button", tabindex: i === 0 ? 0 : -1, "data-key": `spot${p.model}`,
    "aria-expanded": String(p.model === chosen?.model),
    "aria-label": `${p.name}: ${number(p.value)} ${range(p.low, p.high)}`, onclick: () => pick(p.model),
    onkeydown: (event) => ["Enter", " "].includes(event.key) && (event.preventDefault(), pick(p.model)) },
  svg("path", { d: `M${p.cx - 4},${p.top}h8m-4,0V${p.bottom}m-4,0h8` }),
  svg("circle", { class: "lm-target", cx: p.cx, cy: p.cy, r: 14 }),
  svg("circle", { cx: p.cx, cy: p.cy, r: 6 })));
  arrows(f.node, (mark, _down, right) => marks[marks.indexOf(mark) + right] ?? null);
  f.node.append(
    ...(chance === null ? [] : [curve("lm-chance", [[f.left, f.py(chance)], [f.right, f.py(chance)]])]),
    ...kin.map((members) => curve("lm-kin", members)), ...marks, ...names(spots, kin, f));
  return f.node;
}

// El nombre de cada punto, donde menos estorbe a puntos, intervalos, líneas (`kin`) y nombres ya puestos; si
// queda lejos, un trazo lo une a su punto.
function names(spots, kin, f) {
  const around = (x, y, r) => [x - r, y - r, x + r, y + r];
  const taken = spots.flatMap((p) => [[p.cx - 5, p.top - 2, p.cx + 5, p.bottom + 2], around(p.cx, p.cy, 9)]);
  for (const [a, b] of kin.flatMap((line) => line.slice(1).map((b, i) => [line[i], b]))) {
    for (let t = 0.05; t < 1; t += 0.05) {
      taken.push(around(a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1]), 4));
    }
  }
  const cost = ({ far, box: [a, b, c, d] }) => far + sum(taken.map(([e, g, i, j]) =>
    Math.max(0, Math.min(c, i) - Math.max(a, e)) * Math.max(0, Math.min(d, j) - Math.max(b, g))))
    + 1e4 * (b < f.top - 14 || d > f.bottom);
  return spots.flatMap((p) => {
    const size = 9 + 6.8 * p.name.length;
    const places = [0, -16, 16, -32, 32, -48, 48, -64, 64].flatMap((shift) =>
      [p.cx + 10, p.cx - 10 - size].map((wanted) => {
        const [x, y] = [Math.max(f.left, Math.min(wanted, f.right - size)), p.cy + shift];
        return { x, y, far: Math.abs(shift), box: [x, y - 8, x + size, y + 8] };
      }));
    const { x, y, far, box } = places.reduce((old, place) => (cost(place) < cost(old) ? place : old));
    taken.push(box);
    const end = [Math.max(x, Math.min(p.cx, x + size)), y - 8 * Math.sign(y - p.cy)];
    return [...(far > 16 ? [curve("lm-leader", [[p.cx, p.cy], end])] : []),
      svg("text", { class: "lm-name", x, y: y + 4, "aria-hidden": "true" }, p.name)];
  });
}

// Lo que el modelo escribió: cada salida dice con palabra y signo si acertó.
function outputs(data, task, point) {
  if (!point) return [line("detail", "Elige un punto, o un nombre de la tabla, para leer lo que escribió.")];
  const hits = point.rows.filter((row) => row[2]).length;
  const smooth = (name, value) => (value === null ? null : line("detail", `${name} ${number(value)}`));
  return [
    line("title", `${data.models[point.model].name}, k = ${point.k}: ${point.right} aciertos de ${point.n}`),
    line("detail", `Se leen ${hits} de los ${point.right} aciertos y ${point.rows.length - hits} de los `
      + `${point.n - point.right} fallos.`),
    h("ol", {}, ...point.rows.map(([item, text, right, tokens, logprob]) =>
      h("li", { class: right ? "lm-right" : "lm-wrong" },
        h("b", {}, h("span", { "aria-hidden": "true" }, right ? "✓ " : "✗ "), right ? "acierto" : "fallo"),
        h("p", { class: "lm-given" }, task.items[item][0]),
        h("p", {}, "correcta: ", h("q", {}, task.items[item][1])),
        h("p", {}, "escribió: ", h("q", {}, text)),
        smooth("tokens correctos", tokens), smooth("log p por token", logprob))))];
}

// ---- familia

function familyPage(data, s) {
  const curves = familyCurves(data, s);
  const L = s.measure === 1 ? 1 : s.length;
  const label = L === 1 ? "acierta el primer token" : `acierta los ${L} primeros tokens`;
  const verdict = curves.map(({ way, jump }) => (jump ? `${way}: la mayor subida entre tamaños vecinos va `
    + `de ${number(jump.from.mean)} a ${number(jump.to.mean)} (de ${count(jump.from.parameters)} a `
    + `${count(jump.to.parameters)} parámetros).` : `${way}: hay un solo tamaño.`)).join(" ");
  const rows = curves.flatMap(({ way, groups }) => groups.map((g) => [
    { "data-way": way, "data-parameters": g.parameters, "data-mean": g.mean, "data-power": g.power },
    h("th", { scope: "row" }, way), count(g.parameters), number(g.mean), L > 1 ? number(g.power) : null,
    `${g.half} de ${g.seeds.length} ${range(...g.range)}`, number(g.loss),
    g.seeds.map((m) => number(m.value)).sort().join("\u2002")]));
  return { ks: [0], k: 0, verdict, outputs: [], shown: { length: L, axis: s.axis },
    caption: L === 1 ? "Medida suave: basta el primer token de la respuesta."
      : `Medida estricta: hacen falta los ${L} primeros tokens de la respuesta, todos.`,
    draw: (width) => drawFamily(width, data, curves, { s, L, label }),
    key: [...curves.map(({ way }) => [`lm-dot ${wayClass(data, way)}`, `${way}: cada punto, una semilla`]),
      ["lm-line", "media de cada tamaño"],
      ...(L > 1 ? [["lm-line lm-power", "pᴸ: si cada token se acertara aparte, como el primero"]] : [])],
    list: table({ kind: "lm-members", columns: ["manera", "parámetros", "media", L > 1 ? "pᴸ" : null,
      "semillas sobre 0.50 [95\u202f%]", "pérdida", "cada semilla"], rows }) };
}

function drawFamily(width, data, curves, { s, L, label }) {
  const losses = data.family.map((m) => m.loss);
  const pad = 0.05 * (Math.max(...losses) - Math.min(...losses)) || 0.1;
  const loss = { from: Math.max(...losses) + pad, to: Math.min(...losses) - pad };
  const x = s.axis === 0 ? sizeAxis(data.family.map((m) => m.parameters), width)
    : { ...loss, ticks: niceTicks(loss), format: (v) => number(v), label: "pérdida (menor a la derecha)" };
  const f = frame(width, HEIGHT, x, { ...SHARE, label }, { role: "img", "aria-label": `Fracción de respuestas en `
    + `que ${label}, por ${s.axis ? "pérdida" : "tamaño"}; los mismos números están en la tabla` });
  for (const { way, groups } of curves) {
    const kind = wayClass(data, way);
    // Con el mismo tamaño las semillas caerían una sobre otra: se abren a los lados.
    const side = curves.length > 1 ? [-8, 8][data.ways.indexOf(way)] : 0;
    const step = curves.length > 1 ? 1.4 : 2.4;
    const dots = groups.flatMap((g) => g.seeds.map((m, i) => svg("circle", { class: `lm-seed ${kind}`, r: 4,
      cx: s.axis ? f.px(m.loss) : f.px(g.parameters) + side + step * (i - (g.seeds.length - 1) / 2),
      cy: f.py(m.value), "data-seed": m.seed, "data-value": m.value })));
    const ordered = s.axis ? [...groups].sort((a, b) => b.loss - a.loss) : groups;
    const path = (of) => ordered.map((g) => [f.px(s.axis ? g.loss : g.parameters), f.py(g[of])]);
    f.node.append(...dots, curve(kind, path("mean")),
      ...(L > 1 ? [curve(`lm-power ${kind}`, path("power"))] : []));
  }
  return f.node;
}

// ---- la vista

function build({ root, move }) {
  let [draw, ks, model] = []; // de lo último que se dibujó
  const slide = h("input", { type: "range", min: 0, step: 1, oninput: () => move({ k: ks[slide.value] }) });
  const value = h("output");
  const examples = h("label", { class: "lm-k-box lm-for-tasks" }, h("span", {}, "ejemplos k"), slide, value);
  const [caption, verdict] = [line("caption"), line("note")];
  const [plot, key, written] = ["plot", "keys", "outputs"].map((kind) => h("div", { class: `lm-${kind}` }));
  const list = h("div", { class: "lm-scroll", tabindex: 0, role: "group",
    "aria-label": "Los mismos números, en una tabla" });
  const pick = (chosen) => move({ model: chosen === model ? -1 : chosen });
  // Lo que tenía el foco se dibuja de nuevo: se le devuelve.
  const keeping = (change) => {
    const held = root.contains(document.activeElement) && document.activeElement.dataset.key;
    change();
    if (held) root.querySelector(`[data-key="${held}"]`)?.focus();
  };
  const redraw = () => plot.replaceChildren(draw(plot.clientWidth || 640));
  let width = 0;
  const resize = new ResizeObserver(([{ contentRect }]) => {
    if (contentRect.width !== width) keeping(redraw);
    width = contentRect.width;
  });
  resize.observe(root);
  const paint = ({ data, s }) => {
    const page = s.view === 0 ? tasksPage(data, s, pick) : familyPage(data, s);
    [draw, ks, model] = [page.draw, page.ks, s.model];
    Object.assign(slide, { max: ks.length - 1, value: ks.indexOf(page.k), disabled: ks.length === 1 });
    slide.setAttribute("aria-valuetext", `${page.k}`);
    value.textContent = page.k;
    caption.textContent = page.caption;
    verdict.textContent = page.verdict;
    keeping(() => {
      redraw();
      key.replaceChildren(legend(...page.key));
      list.replaceChildren(page.list);
      written.replaceChildren(...page.outputs);
    });
    return { shown: { view: s.view, ...page.shown }, said: verdict.textContent };
  };
  return { parts: [examples, caption, plot, key, verdict, list, written], paint,
    dispose: () => resize.disconnect() };
}

export default lab({ name: "emergence", label: "Laboratorio «¿Emerge?»",
  traits: ["view", "task", "metric", "k", "model", "way", "measure", "length", "axis"], build });
