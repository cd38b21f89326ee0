// Laboratorio de temperatura: barras del próximo token, lo que quita cada filtro, muestreo en el
// navegador y las continuaciones que generó Python. Sus cuentas están en next_token.js.

const SHOWN = 12;
const FILTERS = [["top_k", "top-k"], ["top_p", "top-p"], ["min_p", "min-p"]];
const LABEL = { ...Object.fromEntries(FILTERS), varios: "filtros" };
const SCALES = [0.05, 0.1, 0.25, 0.5, 1];

function build({ say }) {
  const heading = line("prompt");
  const cards = h("div", { class: "lm-stats" });
  const filters = h("ol", { class: "lm-filters" });
  const mass = h("div", { class: "lm-mass", role: "img" });
  const chart = barChart();
  const note = h("p", { class: "lm-note", hidden: true });
  const sampler = makeSampler(say, (counts, total) => chart.frequencies(counts, total));
  const texts = makeTexts();
  const paint = ({ data, entry, badge, s }) => {
    const r = nextToken(entry, data.grid, data.vocab_size, s);
    heading.replaceChildren(...openText(badge, entry.text));
    cards.replaceChildren(...stats(figures(r, data.vocab_size)));
    paintFilters(filters, mass, r);
    chart.paint(entry, r, data.vocab_size);
    paintNote(note, entry, r);
    sampler.reset(entry, r);
    texts.paint(data, entry, r.temperature);
    const best = `«${entry.tokens[0]}» ${percent(r.probs[0])}`;
    return { shown: { temperature: r.temperature, kept: r.kept, keptMass: r.keptMass,
      entropy: r.entropy, prompt: entry.text },
    said: `Quedan ${integer(r.kept)} tokens; entropía ${number(r.entropy)} bits; primero ${best}.` };
  };
  return { parts: [heading, cards, chart.node, mass, filters, note, sampler.node, texts.node], paint };
}

const tokens = (n) => `${integer(n)} ${n === 1 ? "token" : "tokens"}`;

const figures = (r, vocabSize) => [
  ["entropía (bits)", number(r.entropy), `como sortear entre ${integer(Math.round(2 ** r.entropy))}`],
  ["quedan", integer(r.kept), `de ${tokens(vocabSize)}`],
  ["con masa", percent(r.keptMass), "que se reparte de nuevo"],
];

function paintFilters(list, mass, r) {
  const applied = Object.fromEntries(r.filters.map((f) => [f.name, f]));
  const change = `entropía ${number(r.baseEntropy)} → ${number(r.temperedEntropy)} bits`;
  list.replaceChildren(
    h("li", { class: "lm-filter" }, h("b", {}, `temperatura ${number(r.temperature)}`),
      h("span", {}, r.temperature === 1 ? "deja los logits como están" : change)),
    ...FILTERS.map(([name, label]) => {
      const f = applied[name];
      if (!f) return h("li", { class: "lm-filter lm-off" }, h("b", {}, label), h("span", {}, "apagado"));
      return h("li", { class: "lm-filter", "data-filter": name, "data-removed": f.removed,
        "data-to": f.to },
        h("b", {}, h("i", { class: `lm-swatch lm-${name}` }), `${label} ${f.value}`),
        h("span", {}, f.from === f.to ? "no quita ninguno de los que llegan"
          : `quita ${tokens(f.from - f.to)} y ${percent(f.removed)} de la masa; `
            + (f.to === 1 ? "queda 1" : `quedan ${integer(f.to)}`)));
    }));
  // Del más probable al menos: lo que queda, y lo que quitó cada filtro (el último quita más cerca).
  const parts = [["kept", "queda", r.keptMass],
    ...[...r.filters].reverse().map((f) => [f.name, LABEL[f.name], f.removed])];
  mass.replaceChildren(...strip(parts.filter(([, , share]) => share > 0).map(([name, label, share]) =>
    [`lm-${name}`, share, share > 0.16 ? `${label} ${percent(share)}` : ""])));
  mass.setAttribute("aria-label", "Masa de probabilidad: "
    + parts.map(([, label, share]) => `${label} ${percent(share)}`).join(", "));
}

function paintNote(note, prompt, r) {
  const stored = prompt.logits.length;
  note.hidden = r.kept <= stored || r.filters.length === 0;
  note.textContent = `Con estos filtros quedan ${integer(r.kept)} tokens, más que los `
    + `${stored} que esta página guarda uno a uno: los que faltan van en «otras» con su masa exacta.`;
}

function barChart() {
  const axis = h("div", { class: "lm-axis", "aria-hidden": "true" });
  const list = h("ul", { class: "lm-bars" });
  const rows = Array.from({ length: SHOWN + 1 }, () => {
    const bar = h("span", { class: "lm-bar" });
    const tick = h("span", { class: "lm-tick" });
    const freq = h("span", { class: "lm-freq", hidden: true });
    const row = { bar, tick, freq, name: h("span", { class: "lm-name" }),
      value: h("span", { class: "lm-value" }) };
    row.node = h("li", {}, row.name, track(bar, freq, tick), row.value);
    list.append(row.node);
    return row;
  });
  const key = legend(["lm-keybar", "probabilidad final"], ["lm-keytick", "con T = 1 y sin filtros"],
    ["lm-keyfreq", "frecuencia en tu muestreo"]);
  let scale = 1;
  const width = (share) => `${Math.min(100, (100 * share) / scale)}%`;

  function paintRow(row, label, final, before, base, by) {
    row.name.replaceChildren(label);
    row.node.className = by ? `lm-removed lm-by-${by}` : "";
    Object.assign(row.node.dataset, { p: final, before, base, by: by ?? "" });
    row.bar.style.width = width(by ? before : final);
    row.bar.classList.toggle("lm-over", (by ? before : final) > scale);
    row.tick.style.left = width(base);
    row.value.textContent = by ? `${LABEL[by]} ✕` : percent(final);
    row.value.title = by ? `${LABEL[by]} lo quita; tenía ${percent(before)}` : "";
  }

  function paint(prompt, r, vocabSize) {
    const shown = Math.min(SHOWN, prompt.logits.length);
    const top = Math.max(...[r.probs, r.tempered, r.base].flatMap((p) => p.slice(0, shown)));
    scale = SCALES.find((s) => s >= top) ?? 1;
    axis.replaceChildren(...[0, 0.5, 1].map((f) => h("span", {}, percent(f * scale).replace(".0", ""))));
    rows.forEach((row, i) => {
      row.node.hidden = i >= shown && i < SHOWN;
      if (i < shown) {
        row.node.dataset.id = prompt.ids[i];
        paintRow(row, tokenNode(prompt.tokens[i]), r.probs[i], r.tempered[i], r.base[i], r.removedBy(i));
      }
    });
    const others = vocabSize - shown;
    const left = Math.max(0, r.kept - shown);
    const last = rows[SHOWN];
    last.node.hidden = others <= 0;
    const cuts = r.filters.filter((f) => f.from > Math.max(f.to, shown)).map((f) => f.name);
    const by = left > 0 ? null : cuts.length === 1 ? cuts[0] : "varios";
    const rest = sum(r.probs.slice(shown)) + r.beyond;
    const label = h("span", { class: "lm-others" }, `otras ${integer(by ? others : left)}`);
    paintRow(last, label, rest, 1 - sum(r.tempered.slice(0, shown)), 1 - sum(r.base.slice(0, shown)), by);
    last.node.dataset.id = "otras";
  }

  function frequencies(counts, total) {
    rows.forEach((row, i) => {
      row.freq.hidden = total === 0;
      row.freq.style.width = width(total ? counts[i] / total : 0);
      row.node.dataset.count = counts[i];
    });
  }
  return { node: h("div", { class: "lm-chart" }, axis, list, key), paint, frequencies };
}

function makeSampler(say, show) {
  const seed = h("input", { type: "number", value: 1, min: 0, step: 1 });
  const result = line("draws");
  const counts = new Array(SHOWN + 1).fill(0);
  let [total, next, last, state, frame] = [0, random(1), [], null, 0];

  function paint() {
    show(counts, total);
    result.dataset.total = total;
    if (!total) { result.textContent = "Todavía no sorteaste ningún token."; return; }
    const { prompt, r } = state;
    const p = r.probs.slice(0, SHOWN);
    p[SHOWN] = 1 - sum(p);
    const gap = sum(p.map((v, i) => Math.abs(v - counts[i] / total))) / 2;
    result.replaceChildren(`${integer(total)} ${total === 1 ? "sorteo" : "sorteos"}; `
      + `distancia a la distribución: ${number(gap, 3)}. Últimos: `,
      ...last.map((i) => h("span", { class: "lm-chip" },
        i < prompt.tokens.length ? tokenNode(prompt.tokens[i]) : "otra")));
  }
  function drawOne() {
    const i = draw(state.r.probs, next());
    counts[Math.min(i, SHOWN)]++;
    total++;
    last = [i, ...last].slice(0, 6);
  }
  function sample(n) {
    cancelAnimationFrame(frame);
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const batch = still ? n : Math.ceil(n / 30);
    let left = n;
    const tick = () => {
      for (let i = Math.min(batch, left); i > 0; i--) drawOne();
      left -= Math.min(batch, left);
      paint();
      if (left > 0) frame = requestAnimationFrame(tick);
      else say(result.textContent);
    };
    tick();
  }
  function clear() {
    cancelAnimationFrame(frame);
    counts.fill(0);
    [total, last, next] = [0, [], random(Number(seed.value) || 0)];
    paint();
  }
  seed.addEventListener("input", clear);
  const button = (n) => h("button", { type: "button", "data-draws": n, onclick: () => sample(n) },
    n === 1 ? "Muestrear 1" : `+${integer(n)}`);
  const node = h("div", { class: "lm-sampler", role: "group", "aria-label": "Muestreo" },
    button(1), button(10), button(100), button(1000),
    h("button", { type: "button", class: "lm-quiet", onclick: clear }, "Borrar"),
    h("label", {}, h("span", {}, "semilla"), seed), result);
  return { node, reset: (prompt, r) => { state = { prompt, r }; clear(); } };
}

let groups = 0;

function makeTexts() {
  const group = `lm-texts-${groups++}`;
  const choices = h("div", { class: "lm-choices", role: "radiogroup",
    "aria-label": "Temperatura de las continuaciones" });
  const list = h("ol", { class: "lm-texts" });
  const caption = line("caption");
  let [data, prompt, chosen, followed] = [null, null, 0, null];
  const show = () => {
    caption.textContent = `Con T = ${data.temperatures[chosen]} y sin filtros, ${data.model} siguió `
      + `${data.num_texts} veces así (${data.writer ?? "Python"}, semilla ${data.seed}):`;
    const texts = prompt.continuations[chosen];
    if (!texts) caption.textContent = `${data.writer ?? "Python"} todavía está escribiendo…`;
    list.replaceChildren(...(texts ?? []).map((text) =>
      h("li", {}, given(prompt.text), h("span", {}, text))));
    choices.querySelectorAll("input").forEach((input, i) => (input.checked = i === chosen));
  };
  const paint = (newData, newPrompt, T) => {
    [data, prompt] = [newData, newPrompt];
    if (!choices.childElementCount) {
      choices.append(...data.temperatures.map((value, i) => h("label", {},
        h("input", { type: "radio", name: group, value, onchange: () => { chosen = i; show(); } }),
        h("span", {}, `T = ${value}`))));
    }
    if (T !== followed) chosen = data.temperatures.indexOf(snap(data.temperatures, T));
    followed = T;
    show();
  };
  return { paint, node: h("section", { class: "lm-section" },
    line("title", "Cómo sigue el texto"), choices, caption, list) };
}

export default lab({ name: "temperature", label: "Laboratorio de temperatura",
  traits: ["temperature", "top_k", "top_p", "min_p"], build });
