// Laboratorio de prompting: el prompt con el origen de cada parte, las candidatas token a token, el
// mapeo a etiquetas y la calibración.

// ---- las cuentas (puras; las prueba node contra course_lib.prompting)

function softmax(scores) {
  const top = Math.max(...scores);
  const weights = scores.map((s) => Math.exp(s - top));
  const mass = sum(weights);
  return weights.map((w) => w / mass);
}

const normalized = (values) => values.map((v) => v / sum(values));

// El puntaje de una candidata: `logprob`, la suma de sus log p; `units`, sus {token, char, byte}.
function answerScore(rule, logprob, prior, units) {
  if (rule === "pmi") return logprob - prior;
  return rule === "sum" ? logprob : logprob / units[rule];
}

// De los puntajes de las candidatas de un verbalizador a las probabilidades de sus etiquetas.
function labelProbs(probs, owners, labels, aggregate) {
  return normalized(labels.map((_, l) => {
    const own = probs.filter((_, i) => owners[i] === l);
    if (aggregate === "max") return Math.max(...own);
    return aggregate === "mean" ? sum(own) / own.length : sum(own);
  }));
}

// Todo lo que el laboratorio muestra. `cell`: un prompt medido; `base`: su plantilla sin entrada; `s`:
// {score, aggregate, calibrate, verbalizer} con los nombres, no los índices.
export function classify(data, cell, base, s) {
  const labels = Object.keys(s.verbalizer.mapping);
  const words = labels.flatMap((label) => s.verbalizer.mapping[label]);
  const owners = labels.flatMap((label, l) => s.verbalizer.mapping[label].map(() => l));
  const places = words.map((word) => data.answers.indexOf(word));
  const score = (sums, units) => places.map((p) =>
    answerScore(s.score, sums[p], base.prior[p], units[p]));
  const sums = cell.answers.map((a) => sum(a.logprobs));
  const scores = score(sums, cell.answers.map((a) => a.units));
  const probs = softmax(scores);
  const raw = labelProbs(probs, owners, labels, s.aggregate);
  const rows = base.content_free.map((row, i) =>
    labelProbs(softmax(score(row, base.free_units[i])), owners, labels, s.aggregate));
  const free = normalized(labels.map((_, l) => sum(rows.map((row) => row[l])) / rows.length));
  const calibrated = normalized(raw.map((p, l) => p / free[l]));
  const final = s.calibrate ? calibrated : raw;
  return { labels, words, owners, scores, probs, raw, free, calibrated, final,
    sums: places.map((p) => sums[p]), answers: places.map((p) => cell.answers[p]),
    best: scores.indexOf(Math.max(...scores)), winner: final.indexOf(Math.max(...final)) };
}

// ---- la vista

const SOURCES = { plantilla: "template", entrada: "input", respuesta: "answer", ejemplo: "shot" };

function build({ listen, send }) {
  const prompt = line("filled");
  const key = legend(["lm-src lm-src-input", "entrada [X]"], ["lm-src lm-src-template", "plantilla"],
    ["lm-src lm-src-answer", "respuesta [Z]"]);
  const caption = line("caption", "Candidatas, de la mejor a la peor. Los tokens "
    + "apagados siguen a [Z]: también se puntúan, y cuentan al dividir.");
  const answers = h("div", { class: "lm-scroll", tabindex: 0, role: "group",
    "aria-label": "Tabla de candidatas" });
  const labels = h("div", { class: "lm-labels" });
  const verdict = line("note");
  const parts = [patternBox(listen, send), prompt, key, caption, answers, labels, verdict];
  const paint = ({ data, entry, own, badge, s: chosen }) => {
    const s = {
      score: data.scores[chosen.score],
      aggregate: data.aggregates[chosen.aggregate],
      verbalizer: data.verbalizers[chosen.verbalizer],
      calibrate: chosen.calibrate === 1,
    };
    const cell = own ? entry.cells[0] : entry.cells[chosen.template];
    const base = own ? entry.base : data.templates[chosen.template];
    const r = classify(data, cell, base, s);
    prompt.replaceChildren(badge,
      ...cell.parts.map(([text, source]) => h("span", { class: `lm-src-${SOURCES[source]}` }, text)));
    answers.replaceChildren(candidates(r, s));
    labels.replaceChildren(...r.labels.map((_, l) => labelRow(r, l, s)));
    verdict.textContent = sentence(r, s);
    return { shown: { prompt: entry.text, pattern: base.pattern, best: r.words[r.best],
      label: r.labels[r.winner], p: r.final[r.winner] }, said: verdict.textContent };
  };
  return { parts, paint };
}

function candidates(r, s) {
  const order = r.words.map((_, i) => i).sort((a, b) => r.scores[b] - r.scores[a]);
  const divided = s.score !== "sum"; // si no, el puntaje es la suma
  const chips = ({ tokens, own, logprobs }) => h("td", { class: "lm-chips" }, ...tokens.map((token, t) =>
    tokenWith(own[t] ? "lm-own-token" : "lm-tail", token, number(logprobs[t]))));
  return table({ kind: "lm-answers",
    columns: ["respuesta", "etiqueta", "log p", divided ? "puntaje" : null, "prob.", "token a token"],
    rows: order.map((i) => [
      { class: i === r.best ? "lm-best" : "", "data-answer": r.words[i], "data-score": r.scores[i],
        "data-p": r.probs[i] },
      h("th", { scope: "row" }, r.words[i]), r.labels[r.owners[i]], number(r.sums[i]),
      divided ? number(r.scores[i]) : null, percent(r.probs[i]), chips(r.answers[i])]) });
}

function labelRow(r, l, s) {
  const tick = h("span", { class: "lm-tick", style: `left:${100 * r.raw[l]}%` });
  return h("div", { class: l === r.winner ? "lm-label lm-best" : "lm-label", "data-label": r.labels[l],
    "data-p": r.final[l], "data-raw": r.raw[l], "data-free": r.free[l] },
    h("b", {}, r.labels[l]),
    track(h("span", { class: "lm-bar", style: `width:${100 * r.final[l]}%` }), s.calibrate ? tick : null),
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
function patternBox(listen, send) {
  const input = h("input", { type: "text", maxlength: 300, placeholder: "[X]. Me pareció [Z].",
    oninput: () => send({ kind: "pattern", text: input.value }) });
  return kernelBox(listen, "tu plantilla", input);
}

export default lab({ name: "prompting", label: "Laboratorio de prompting",
  traits: ["template", "score", "verbalizer", "aggregate", "calibrate"],
  leaving: ["template"], // el texto propio se midió con otra plantilla
  build });
