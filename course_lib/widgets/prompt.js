// Laboratorio de prompting: el prompt con el origen de cada parte, las candidatas token a token, el
// mapeo a etiquetas y la calibración.

// ---- las cuentas (puras; las prueba node contra course_lib.prompting)

const total = (values) => values.reduce((a, b) => a + b, 0);

function softmax(scores) {
  const top = Math.max(...scores);
  const weights = scores.map((s) => Math.exp(s - top));
  const mass = total(weights);
  return weights.map((w) => w / mass);
}

const normalized = (values) => values.map((v) => v / total(values));

// El puntaje de una candidata: `sum`, la suma de sus log p; `units`, sus {token, char, byte}.
function answerScore(rule, sum, prior, units) {
  if (rule === "pmi") return sum - prior;
  return rule === "sum" ? sum : sum / units[rule];
}

// De los puntajes de las candidatas de un verbalizador a las probabilidades de sus etiquetas.
function labelProbs(probs, owners, labels, aggregate) {
  return normalized(labels.map((_, l) => {
    const own = probs.filter((_, i) => owners[i] === l);
    if (aggregate === "max") return Math.max(...own);
    return aggregate === "mean" ? total(own) / own.length : total(own);
  }));
}

// Todo lo que el laboratorio muestra. `cell`: un prompt medido; `base`: su plantilla sin entrada; `s`:
// {score, aggregate, calibrate, verbalizer} con los nombres, no los índices.
export function classify(data, cell, base, s) {
  const labels = Object.keys(s.verbalizer.mapping);
  const words = labels.flatMap((label) => s.verbalizer.mapping[label]);
  const owners = labels.flatMap((label, l) => s.verbalizer.mapping[label].map(() => l));
  const places = words.map((word) => data.answers.indexOf(word));
  const score = (sums) => places.map((p) =>
    answerScore(s.score, sums[p], base.prior[p], cell.answers[p].units));
  const sums = cell.answers.map((a) => total(a.logprobs));
  const scores = score(sums);
  const probs = softmax(scores);
  const raw = labelProbs(probs, owners, labels, s.aggregate);
  const rows = base.content_free.map((row) =>
    labelProbs(softmax(score(row)), owners, labels, s.aggregate));
  const free = normalized(labels.map((_, l) => total(rows.map((row) => row[l])) / rows.length));
  const calibrated = normalized(raw.map((p, l) => p / free[l]));
  const final = s.calibrate ? calibrated : raw;
  return { labels, words, owners, scores, probs, raw, free, calibrated, final,
    sums: places.map((p) => sums[p]), answers: places.map((p) => cell.answers[p]),
    best: scores.indexOf(Math.max(...scores)), winner: final.indexOf(Math.max(...final)) };
}

// ---- la vista

const SOURCES = { plantilla: "template", entrada: "input", respuesta: "answer", ejemplo: "shot" };

function render(context) {
  const { model } = context;
  const live = announcer();
  const prompt = h("p", { class: "lm-filled" });
  const key = h("p", { class: "lm-key" },
    ...[["input", "entrada [X]"], ["template", "plantilla"], ["answer", "respuesta [Z]"]].map(
      ([kind, text]) => h("span", {}, h("i", { class: `lm-src lm-src-${kind}` }), text)));
  const caption = h("p", { class: "lm-caption" }, "Candidatas, de la mejor a la peor. Los tokens "
    + "apagados siguen a [Z]: suman, pero no cuentan al dividir.");
  const table = h("div", { class: "lm-scroll", tabindex: 0, role: "group",
    "aria-label": "Tabla de candidatas" });
  const labels = h("div", { class: "lm-labels" });
  const verdict = h("p", { class: "lm-note" });
  const pattern = patternBox(model);
  const root = h("div", { class: "lm-view lm-prompting", role: "group",
    "aria-label": "Laboratorio de prompting" },
    pattern, prompt, key, caption, table, labels, verdict, live.node);
  const traits = ["template", "score", "verbalizer", "aggregate", "calibrate"];
  const leaveOwn = () => { if (model.get("own")) { model.set("own", ""); model.save_changes(); } };
  model.on("change:template", leaveOwn); // el texto propio se midió con otra plantilla
  const dispose = mount(context, root, traits, (data, entry, own) => {
    const s = {
      score: data.scores[model.get("score")],
      aggregate: data.aggregates[model.get("aggregate")],
      verbalizer: data.verbalizers[model.get("verbalizer")],
      calibrate: model.get("calibrate") === 1,
    };
    const cell = own ? entry.cells[0] : entry.cells[model.get("template")];
    const base = own ? entry.base : data.templates[model.get("template")];
    const r = classify(data, cell, base, s);
    Object.assign(root.dataset, { prompt: entry.text, pattern: base.pattern, best: r.words[r.best],
      label: r.labels[r.winner], p: r.final[r.winner] });
    prompt.replaceChildren(own ? h("span", { class: "lm-badge" }, "tu texto") : "",
      ...cell.parts.map(([text, source]) => h("span", { class: `lm-src-${SOURCES[source]}` }, text)));
    table.replaceChildren(candidates(r, s));
    labels.replaceChildren(...r.labels.map((_, l) => labelRow(r, l, s)));
    verdict.textContent = sentence(r, s);
    live.say(verdict.textContent);
  });
  return () => { model.off("change:template", leaveOwn); dispose(); };
}

function candidates(r, s) {
  const order = r.words.map((_, i) => i).sort((a, b) => r.scores[b] - r.scores[a]);
  const divided = s.score !== "sum"; // si no, el puntaje es la suma
  const names = ["respuesta", "etiqueta", "log p", divided && "puntaje", "prob.", "token a token"].filter(Boolean);
  const head = h("tr", {}, ...names.map((name) => h("th", { scope: "col" }, name)));
  const rows = order.map((i) => h("tr", { class: i === r.best ? "lm-best" : "",
    "data-answer": r.words[i], "data-score": r.scores[i], "data-p": r.probs[i] },
    h("th", { scope: "row" }, r.words[i]), h("td", {}, r.labels[r.owners[i]]),
    h("td", {}, number(r.sums[i])), divided ? h("td", {}, number(r.scores[i])) : null,
    h("td", {}, percent(r.probs[i])),
    h("td", { class: "lm-chips" }, ...r.answers[i].tokens.map((token, t) =>
      h("span", { class: r.answers[i].own[t] ? "lm-step lm-own-token" : "lm-step lm-tail" },
        tokenNode(token), h("small", {}, number(r.answers[i].logprobs[t])))))));
  return h("table", { class: "lm-table lm-answers" },
    h("thead", {}, head), h("tbody", {}, ...rows));
}

function labelRow(r, l, s) {
  const bar = (share, kind) => h("span", { class: `lm-bar ${kind}`, style: `width:${100 * share}%` });
  return h("div", { class: l === r.winner ? "lm-label lm-best" : "lm-label", "data-label": r.labels[l],
    "data-p": r.final[l], "data-raw": r.raw[l], "data-free": r.free[l] },
    h("b", {}, r.labels[l]),
    h("span", { class: "lm-track", "aria-hidden": "true" }, bar(r.final[l], ""),
      s.calibrate ? h("span", { class: "lm-tick", style: `left:${100 * r.raw[l]}%` }) : null),
    h("span", { class: "lm-value" }, percent(r.final[l])),
    h("small", { class: "lm-detail" }, `sin nada que leer: ${percent(r.free[l])}`));
}

function sentence(r, s) {
  const best = `Gana «${r.words[r.best]}»`;
  const label = `etiqueta: ${r.labels[r.winner]}, ${percent(r.final[r.winner])}`;
  if (!s.calibrate) return `${best}; ${label}.`;
  const before = r.raw.indexOf(Math.max(...r.raw));
  const change = before === r.winner ? "calibrar no cambia la etiqueta"
    : `sin calibrar sería ${r.labels[before]}`;
  return `${best}; ${label} (${change}).`;
}

// Con Python detrás, una plantilla propia: se envía antes de «Calcular».
function patternBox(model) {
  const input = h("input", { type: "text", maxlength: 300, placeholder: "[X]. Me pareció [Z]." });
  const box = h("div", { class: "lm-own", hidden: true },
    h("label", {}, h("span", {}, "tu plantilla"), input));
  input.addEventListener("input", () => model.send({ kind: "pattern", text: input.value }));
  model.on("msg:custom", (message) => { if (message.kind === "pong") box.hidden = false; });
  return box;
}

export default { render };
