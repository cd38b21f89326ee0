// Laboratorio de cuentos: el modelo escribe aquí mismo, token por token, y se puede elegir otro y seguir desde él.

const READABLE = 40; // milisegundos entre tokens, para leer mientras escribe
const ENDS = {
  eos: "El modelo terminó su cuento.",
  limit: "Hasta aquí llega de una vez: «Seguir» continúa.",
  context: "Se llenó su contexto: no puede leer más tokens.",
  stop: "Lo paraste: «Seguir» continúa.",
};

// Lo que se dice de un token elegido.
export const chosenSentence = ({ p, forced }, i) =>
  `Token ${i + 1}${forced ? ", elegido por ti" : ""}: el modelo le daba ${percent(p)}.`;
export const pace = ({ tokens, seconds }) => (tokens && seconds
  ? ` ${integer(tokens)} ${tokens === 1 ? "token" : "tokens"} en ${number(seconds)}\u202fs de cálculo `
    + `(${integer(Math.round(tokens / seconds))} por segundo).` : "");

// ---- las partes de la vista

// El texto: el comienzo, y cada token escrito, que se puede elegir. Con el tabulador se llega a uno; con flechas, a los demás.
function storyText(select) {
  const opening = h("span", { class: "lm-given" });
  const written = h("span", { role: "group", "aria-label": "Lo que escribió el modelo: flechas para recorrerlo" });
  const node = h("p", { class: "lm-story" }, opening, written);
  arrows(written, ({ dataset: { at } }, down, right) =>
    (at === undefined ? undefined : written.children[Number(at) + down + right] ?? null));
  const add = ({ text, id, p, final, forced }, ended) => {
    const i = written.childElementCount;
    const node = h("span", { class: `lm-word${forced ? " lm-forced" : ""}${ended ? " lm-eos" : text ? "" : " lm-byte"}`, role: "button",
      tabindex: i ? -1 : 0, "aria-pressed": "false", "data-at": i, "data-id": id, "data-p": p, "data-final": final,
      style: `--rare:${Math.round(100 * (1 - p))}%`, onclick: () => select(i),
      onkeydown: (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        select(i);
      } }, text);
    if (ended) node.setAttribute("aria-label", "fin del cuento");
    else if (!text.trim()) node.setAttribute("aria-label", text ? "espacio" : "parte de una letra");
    written.append(node);
  };
  const mark = (i) => {
    [...written.children].forEach((word, j) => word.setAttribute("aria-pressed", i === j));
    if (written.children[i]) reach(written, written.children[i]);
  };
  const cut = (n) => { while (written.childElementCount > n) written.lastChild.remove(); };
  return { node, add, mark, cut, open: (text) => { opening.textContent = text; cut(0); },
    focus: (i) => written.children[i]?.focus() };
}

function alternativesTable({ id, others }, choose) {
  const meter = (p) => track(h("span", { class: "lm-bar", style: `width:${100 * p}%` }));
  return table({ kind: "lm-others", caption: "Lo que podía seguir aquí. Elige otro y el cuento sigue desde él.",
    columns: ["token", "de 0 a 1", "modelo", "con tus controles"],
    rows: others.map(([other, name, p, final]) => [
      { "data-id": other, "data-p": p, "data-final": final, class: other === id ? "lm-best" : "" },
      h("th", { scope: "row" }, other === id ? h("span", {}, tokenNode(name), " ✓")
        : h("button", { type: "button", "aria-label": `Seguir con «${name}»`, onclick: () => choose(other) }, tokenNode(name))),
      h("td", {}, meter(p)), percent(p), percent(final)]) });
}

function controls({ begin, go, one, halt }) {
  const button = (text, onclick) => h("button", { type: "button", onclick }, text);
  const input = h("input", { type: "text", maxlength: 400,
    onkeydown: (event) => { if (event.key === "Enter" && !write.disabled) begin(); } });
  const [write, more, single, stop] = [button("Escribir", begin), button("Seguir", go), button("Un token", one),
    button("Parar", halt)];
  const fast = h("input", { type: "checkbox" });
  const bar = h("progress", { hidden: true, max: 1, "aria-label": "descarga del modelo" });
  const status = h("span", { class: "lm-status" });
  const node = h("div", { class: "lm-own lm-begin" }, h("label", {}, h("span", {}, "tu comienzo"), input), write, single,
    more, stop, h("label", { class: "lm-fast" }, fast, h("span", {}, "sin pausas")), bar, status);
  // `state`: vacio, cargando, escribiendo o quieto; `open`: si el cuento puede seguir.
  const paint = (state, open) => {
    const busy = state === "cargando" || state === "escribiendo";
    const focused = [write, more, single, stop].includes(document.activeElement);
    write.disabled = busy;
    single.disabled = busy || (state === "quieto" && !open);
    more.hidden = busy || state === "vacio" || !open;
    stop.hidden = !busy;
    stop.textContent = state === "cargando" ? "Cancelar" : "Parar";
    bar.hidden = state !== "cargando";
    if (focused && document.activeElement !== stop && busy) stop.focus(); // quien usa el teclado no pierde su sitio
    if (focused && !busy && stop.hidden && (document.activeElement === document.body || document.activeElement === stop)) write.focus();
  };
  return { node, input, bar, paint, tell: (text) => (status.textContent = text), wait: () => (fast.checked ? 0 : READABLE) };
}

// ---- el laboratorio

function build({ root, listen, send, say, page }) {
  const load = weightsLoader({ listen, send });
  let [data, settings, worker, abort, offered] = [null, null, null, null, null];
  let writer = null; // quien escribe: `worker` o, si se eligió, el modelo de la página
  let [state, run, ids, given, tokens, reason, selected] = ["vacio", 0, [], 0, [], "", -1];

  const panel = controls({ begin: () => start({ text: panel.input.value }), go: () => follow({}),
    one: () => (ids.length ? follow({ limit: 1 }) : start({ text: panel.input.value, limit: 1 })),
    halt: () => (state === "cargando" ? abort?.abort() : writer?.ask({ kind: "stop" })) });
  const text = storyText((i) => select(i));
  const [about, told] = [line("caption"), line("detail")];
  const others = h("div", { class: "lm-scroll" });
  const key = legend(["lm-keyrare", "subrayado: cuanto más marcado, menos probable era"],
    ["lm-keyforced", "lo elegiste tú"]);

  const become = (now) => {
    state = now;
    Object.assign(root.dataset, { state, tokens: tokens.length, reason });
    panel.paint(state, reason !== "eos" && reason !== "context");
  };
  // Lo que cambia a cada instante solo se ve; esto además se anuncia.
  const announce = (message) => {
    panel.tell(message);
    say(message);
  };
  const fail = (message) => {
    announce(message);
    become(tokens.length ? "quieto" : "vacio");
  };

  const select = (i) => {
    selected = i;
    text.mark(i);
    root.dataset.selected = i;
    told.textContent = i < 0 ? "Elige cualquier token escrito para ver qué otros podían seguir." : chosenSentence(tokens[i], i);
    others.replaceChildren(...(i < 0 ? [] : [alternativesTable(tokens[i], (id) => force(i, id))]));
    if (i >= 0) say(told.textContent);
  };
  const force = (i, id) => {
    shorten(i);
    follow({ force: id });
  };
  const shorten = (n) => {
    tokens.length = n;
    ids.length = given + n;
    text.cut(n);
    select(-1);
  };

  // Lo que dice el worker; lo de una escritura anterior ya no cuenta.
  const hear = (message) => {
    if (message.kind === "ready") opened.resolve();
    if (message.kind === "error" && state === "cargando") opened.reject(new Error(message.text));
    if (message.run !== run) return;
    if (message.kind === "error") fail(message.text);
    else if (message.kind === "given") {
      [ids, given] = [message.ids, message.ids.length];
      text.open(message.text);
    } else if (message.kind === "token") {
      ids.push(message.id);
      tokens.push(message);
      text.add(message, message.ended ?? message.id === data.eos);
      root.dataset.tokens = tokens.length;
      if (message.forced) {
        select(tokens.length - 1);
        text.focus(selected);
      }
    } else if (message.kind === "done") {
      reason = message.tokens === 1 && message.reason === "limit" ? "" : message.reason;
      panel.tell((ENDS[reason] ?? "") + pace(message));
      become("quieto");
      say(`${ENDS[reason] ?? ""} Van ${integer(tokens.length)} tokens.`);
    }
  };

  // El modelo se trae la primera vez que se pide escribir; después ya está.
  let opened = null;
  const ready = async () => {
    abort = new AbortController();
    if (page?.chosen()) {
      become("cargando");
      announce("Abriendo el modelo…");
      const made = await page.writer(hear);
      abort.signal.throwIfAborted();
      return made;
    }
    if (worker) return worker;
    become("cargando");
    const [total, { bar }] = [data.bytes, panel];
    bar.removeAttribute("value");
    announce(`Trayendo el modelo (${megabytes(total)})…`);
    const buffer = await load(data, (got) => {
      bar.value = got / total;
      panel.tell(`Trayendo el modelo: ${megabytes(got)} de ${megabytes(total)}.`);
    }, abort.signal);
    const made = openWorker(WORKER, hear);
    await new Promise((resolve, reject) => {
      opened = { resolve, reject };
      made.ask({ kind: "load", buffer }, [buffer]);
    });
    return (worker = made);
  };
  const write = async (request) => {
    try {
      writer = await ready();
    } catch (error) {
      fail(abort.signal.aborted ? "Cancelado: no se trajo el modelo." : error.message);
      return;
    }
    [run, reason] = [run + 1, ""];
    announce("Escribiendo…");
    become("escribiendo");
    writer.ask({ kind: "write", run, settings: { ...settings }, seed: settings.seed, limit: data.limit,
      wait: panel.wait(), ...request });
  };
  const start = (request) => {
    [ids, given, tokens] = [[], 0, []];
    text.open("");
    select(-1);
    write(request);
  };
  listen("msg:custom", ({ kind }) => { // cambió quien escribe: sus tokens son otros
    if (kind !== "writer") return;
    abort?.abort();
    writer?.ask({ kind: "stop" });
    about.hidden = page.chosen();
    [run, ids, given, tokens, reason] = [run + 1, [], 0, [], ""];
    text.open("");
    select(-1);
    become("vacio");
  });
  const follow = (request) => write({ ids: ids.slice(), given, ...request });

  const paint = ({ data: now, s }) => {
    [data, settings] = [now, { temperature: s.temperature, top_k: s.top_k, top_p: s.top_p, seed: s.seed }];
    if (offered !== s.opening) panel.input.value = data.openings[s.opening].text;
    offered = s.opening;
    about.textContent = `Quien escribe es un modelo del curso, de ${integer(data.parameters)} parámetros, que corre en tu `
      + `navegador: la primera vez se trae un archivo de ${megabytes(data.bytes)}, y nada de lo que escribas sale de aquí. `
      + `Lee hasta ${integer(data.context)} tokens.`;
    if (state === "vacio") become("vacio");
    return { shown: { opening: s.opening, temperature: s.temperature, seed: s.seed },
      said: s.temperature ? `Temperatura ${number(s.temperature)}.` : "Temperatura 0: siempre el más probable." };
  };
  select(-1);
  return { parts: [panel.node, text.node, key, told, others, about], paint,
    dispose: () => { abort?.abort(); worker?.close(); } };
}

export default lab({ name: "story", label: "Laboratorio de cuentos", traits: ["opening", "temperature", "top_k", "top_p",
  "seed"], build });
