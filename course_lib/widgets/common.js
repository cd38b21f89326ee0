// Lo que comparten los laboratorios: las cuentas (puras, probadas también con node) y unas pocas
// piezas de interfaz. Python antepone este archivo a la vista de cada laboratorio; no hay empaquetador.

// ---------------------------------------------------------------- próximo token

const gridIndex = (grid, value) =>
  grid.reduce((best, g, i) => (Math.abs(g - value) < Math.abs(grid[best] - value) ? i : best), 0);

// El valor de la rejilla más cercano: lo que va sumado en los datos solo existe en ella.
export const snap = (grid, value) => grid[gridIndex(grid, value)];

// Tras temperatura, top-k, top-p o min-p quedan siempre los `n` primeros por logit. Los guardados uno
// a uno se suman aquí; los demás llegan sumados en `tail` = {lse, mean}: el logaritmo de la suma de
// sus pesos e^(x - x0) y la media de x - x0 con esos pesos (lo que pide la entropía).
const tailMass = (tail) => (tail ? Math.exp(tail.lse) : 0);

function prefix({ x, w }, n, tail) {
  let mass = tailMass(tail);
  let moment = tail ? mass * tail.mean : 0;
  for (let i = Math.min(n, w.length) - 1; i >= 0; i--) {
    mass += w[i];
    moment += w[i] * x[i];
  }
  return { n, tail, mass, entropy: Math.max(0, (Math.log(mass) - moment / mass) / Math.LN2) };
}

// Pesos con temperatura T, antes de todo filtro. float32, como torch: redondear z / T igual que él
// deja las probabilidades a 1e-7 de las suyas.
function tempered(prompt, grid, vocabSize, T) {
  const t = gridIndex(grid.temperature, T);
  const f = Math.fround;
  const z = prompt.logits.map((l) => f(f(l) / f(grid.temperature[t])));
  const x = z.map((v) => v - z[0]);
  const tokens = { t, z, x, w: x.map(Math.exp) };
  const rest = vocabSize > x.length ? { lse: prompt.rest.lse[t], mean: prompt.rest.mean[t] } : null;
  return { ...tokens, full: prefix(tokens, vocabSize, rest) };
}

// Cuántos quedan con cada filtro, y la suma de los que están más allá de los guardados.
// En las tablas, [n, lse, mean, n, lse, mean, ...] da la entrada j de quien llega más allá.
const entry = (flat, j) => (j >= 0 && 3 * j < flat.length
  ? { n: flat[3 * j], tail: { lse: flat[3 * j + 1], mean: flat[3 * j + 2] } } : null);

function topK({ z }, kept, k) {
  let n = Math.min(k, z.length);
  while (n < z.length && z[n] === z[n - 1]) n++; // los empates con el k-ésimo también quedan
  return { n: Math.min(n, kept.n) };
}

function topP({ w, t }, kept, p, prompt, grid) {
  const limit = Math.fround(1 - p) * kept.mass;
  let below = tailMass(kept.tail); // la masa de los menos probables que i
  if (below > limit) { // la tabla empieza en el p mayor
    const far = entry(prompt.top_p[t], grid.top_p.length - 1 - grid.top_p.indexOf(p));
    return far ?? { n: w.length };
  }
  let i = Math.min(kept.n, w.length) - 1;
  while (i > 0 && below + w[i] <= limit) below += w[i--];
  return { n: i + 1 };
}

function minP({ w, t }, kept, m, prompt, grid) {
  const far = kept.n > w.length ? entry(prompt.min_p[t], grid.min_p.indexOf(m)) : null;
  if (far) return far.n < kept.n ? far : kept;
  let n = Math.min(kept.n, w.length);
  while (n > 1 && w[n - 1] < m) n--;
  return { n };
}

// El próximo token con temperatura -> top-k -> top-p -> min-p, en el orden de transformers, y lo que
// quita cada filtro. `prompt`: uno de data.prompts; `grid`: data.grid; `s`: los controles.
export function nextToken(prompt, grid, vocabSize, s) {
  const base = tempered(prompt, grid, vocabSize, 1);
  const now = tempered(prompt, grid, vocabSize, s.temperature);
  const filters = [];
  let kept = now.full;
  const apply = (name, value, { n, tail = null }) => {
    const before = kept;
    if (n < kept.n) kept = prefix(now, n, tail);
    filters.push({ name, value, from: before.n, to: kept.n, entropy: kept.entropy,
      removed: Math.max(0, before.mass - kept.mass) / now.full.mass });
  };
  if (s.top_k > 0) apply("top_k", s.top_k, topK(now, kept, s.top_k));
  const p = snap([...grid.top_p, 1], s.top_p);
  if (p < 1) apply("top_p", p, topP(now, kept, p, prompt, grid));
  const m = snap([0, ...grid.min_p], s.min_p);
  if (m > 0) apply("min_p", m, minP(now, kept, m, prompt, grid));
  return {
    temperature: grid.temperature[now.t], filters,
    kept: kept.n, keptMass: kept.mass / now.full.mass, entropy: kept.entropy,
    temperedEntropy: now.full.entropy, baseEntropy: base.full.entropy,
    base: base.w.map((v) => v / base.full.mass), // T = 1, sin filtros
    tempered: now.w.map((v) => v / now.full.mass), // con T, sin filtros
    probs: now.w.map((v, i) => (i < kept.n ? v / kept.mass : 0)), // de la que se muestrea
    beyond: tailMass(kept.tail) / kept.mass, // su parte más allá de los tokens guardados
    removedBy: (i) => filters.find((f) => i >= f.to && i < f.from)?.name ?? null,
  };
}

// mulberry32: un generador con semilla, para que un muestreo se pueda repetir.
export function random(seed) {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

// Un índice al azar según `probs`; `probs.length` si cae más allá de ellos.
export function draw(probs, u) {
  for (let i = 0; i < probs.length; i++) {
    u -= probs[i];
    if (u < 0) return i;
  }
  return probs.length;
}

// ---------------------------------------------------------------- búsqueda en haz

const token = (data, parent, [index, logprob, child = -1]) => ({
  parent, logprob, child, id: data.ids[index], text: data.tokens[index],
  sum: (parent ? parent.sum : 0) + logprob,
  length: (parent ? parent.length : 0) + 1,
  eos: data.eos.includes(data.ids[index]),
});

export const path = (node) => (node ? [...path(node.parent), node] : []);

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
  const score = (h) => h.sum / h.length ** s.length_penalty;
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
      c.score = score(c);
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

// ---------------------------------------------------------------- escribir

export const number = (x, digits = 2) => (x < 0 ? "−" : "") + Math.abs(x).toFixed(digits);
export const integer = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, "\u202f");
export function percent(p) {
  if (p === 0) return "0\u202f%";
  if (p < 1e-4) return "<0.01\u202f%";
  return (100 * p).toFixed(p < 0.01 ? 2 : 1) + "\u202f%";
}

// ---------------------------------------------------------------- piezas de interfaz

// Un elemento; el texto entra siempre como texto, nunca como HTML.
export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value == null) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter((c) => c != null));
  return node;
}

// Un token con sus espacios a la vista.
const MARKS = { " ": "␣", "\n": "↵", "\t": "⇥" };
export const tokenNode = (text) => h("span", { class: "lm-token" },
  ...(text || "∅").split(/([ \n\t])/).filter(Boolean).map((part) =>
    MARKS[part] ? h("span", { class: "lm-mark" }, MARKS[part]) : part));

// Anuncia con calma: solo lo último, cuando el control se queda quieto.
export function announcer() {
  const node = h("p", { class: "lm-hidden", role: "status" });
  let timer;
  return { node, say: (text) => {
    clearTimeout(timer);
    timer = setTimeout(() => (node.textContent = text), 500);
  } };
}

// Los controles de ipywidgets no llevan nombre para un lector de pantalla: se toma de su etiqueta.
function nameControls(el) {
  const name = (lab) => {
    for (const control of lab.querySelectorAll(".lm-controls > *")) {
      const label = control.querySelector(".widget-label")?.textContent;
      const parts = control.querySelectorAll(".noUi-handle, .ui-slider-handle, select");
      for (const part of parts) part.setAttribute("aria-label", label);
      const readout = control.querySelector(".widget-readout");
      readout?.setAttribute("role", "textbox");
      readout?.setAttribute("aria-label", `valor de ${label}`);
    }
  };
  let tries = 0;
  const look = () => {
    const lab = el.closest(".lm-lab");
    if (lab) name(lab);
    if (tries++ < 20) setTimeout(look, 50 * tries); // los controles llegan cada uno a su tiempo
  };
  look();
}

// Lo que todo laboratorio hace igual: leer los datos, escuchar los controles, elegir el texto y, si
// Python contesta, ofrecer un cuadro para escribir otro. `paint(data, prompt, isOwn)` dibuja.
export function mount({ model, el }, root, traits, paint) {
  const listeners = [];
  const on = (name, f) => { model.on(name, f); listeners.push([name, f]); };
  let data = JSON.parse(model.get("data"));
  const repaint = () => {
    const own = model.get("own") && JSON.parse(model.get("own"));
    const prompt = own || data.prompts[model.get("prompt")] || data.prompts[0];
    paint(own && own.ids && own.nodes ? { ...data, ids: own.ids, tokens: own.tokens } : data,
      prompt, Boolean(own));
  };
  for (const trait of traits) on(`change:${trait}`, repaint);
  on("change:own", repaint);
  on("change:data", () => { data = JSON.parse(model.get("data")); repaint(); });
  on("change:prompt", () => { model.set("own", ""); model.save_changes(); repaint(); });
  // JupyterLab se queda con las flechas y las letras si llegan hasta él.
  root.addEventListener("keydown", (event) => event.stopPropagation());
  root.prepend(ownPrompt(model, on));
  el.append(root);
  nameControls(el);
  repaint();
  return () => listeners.forEach(([name, f]) => model.off(name, f));
}

function ownPrompt(model, on) {
  const input = h("input", { type: "text", maxlength: 600, placeholder: "Escribe aquí tu texto" });
  const button = h("button", { type: "button" }, "Calcular");
  const back = h("button", { type: "button", hidden: true }, "Volver a los ejemplos");
  const bar = h("progress", { hidden: true, max: 1, "aria-label": "avance del cálculo" });
  const status = h("span", { class: "lm-status", role: "status" });
  const box = h("div", { class: "lm-own", hidden: true },
    h("label", {}, h("span", {}, "tu texto"), input), button, back, bar, status);
  const busy = (on) => { button.disabled = on; bar.hidden = !on; };
  const send = () => {
    busy(true);
    bar.removeAttribute("value");
    status.textContent = "Calculando…";
    model.send({ kind: "prompt", text: input.value });
  };
  button.addEventListener("click", send);
  input.addEventListener("keydown", (e) => { if (e.key === "Enter" && !button.disabled) send(); });
  back.addEventListener("click", () => { model.set("own", ""); model.save_changes(); });
  on("change:own", () => (back.hidden = !model.get("own")));
  on("msg:custom", (message) => {
    if (message.kind === "pong") box.hidden = false;
    if (message.kind === "progress") bar.value = message.done / message.total;
    if (message.kind === "done") { busy(false); status.textContent = "Listo: es el texto que ves."; }
    if (message.kind === "error") { busy(false); status.textContent = message.text; }
  });
  model.send({ kind: "ping" }); // sin Python detrás nadie contesta y el cuadro no aparece
  return box;
}
