// Laboratorio de plantillas: el texto de una conversación por trozos, sus tokens y uno escrito a mano.

// ---- el texto, con lo invisible a la vista: el contenido no cambia, las señales las pone el estilo

const SIGNS = { " ": "lm-sp", "\n": "lm-nl", "\t": "lm-tab" };

function marked(text, marks) {
  return units(text, marks, "[^<[ \\n\\t]+|.").map((part) => (SIGNS[part]
    ? h("span", { class: SIGNS[part] }, part)
    : marks.includes(part) ? h("b", { class: "lm-tag" }, part) : part));
}

const pieceNodes = (pieces, marks) => pieces.map(([text, trained]) =>
  h("span", { class: trained ? "lm-piece lm-trained" : "lm-piece" }, ...marked(text, marks)));

const count = (n, one, many) => `${integer(n)} ${n === 1 ? one : many}`;
const size = (texts) => sum(texts.map((text) => [...text].length));

// Lo que se dice del texto.
function sentence(template, messages, pieces) {
  const answer = pieces.find(([, trained]) => trained);
  const start = template.default_system !== null && messages[0].role !== "system"
    ? "No escribiste un sistema y esta plantilla pone el suyo. " : "";
  return start + (answer
    ? `Se entrena «${visible(answer[0])}», la respuesta con su cierre; lo demás solo se lee.`
    : "Sin respuesta no se entrena nada: el texto acaba donde el modelo empieza a escribir.");
}

// ---- las partes

// Un cuadro para escribir un mensaje; `trait`: el rasgo que mueve.
function messageBox(name, trait, rows, move) {
  const input = h("textarea", { rows, maxlength: 600, spellcheck: "false",
    oninput: () => move({ [trait]: input.value, attempt: null }) });
  return { trait, input, node: h("label", { class: `lm-box lm-box-${trait}` }, h("span", {}, name), input) };
}

// Sin perder el lugar del cursor si ya dice lo mismo.
const write = (input, text) => { if (input.value !== text) input.value = text; };

// Los tokens: los que viajan, los que contestó Python, o por qué no se ven.
function tokenPart(listen, send) {
  const [title, note] = [line("title"), line("detail")];
  const list = h("ol", { class: "lm-tokens", "aria-label": "Tokens: su texto, su id y su etiqueta" });
  let [alive, timer, asked, failed, latest] = [false, 0, "", "", null];
  const ask = (request) => {
    [asked, failed] = [request, ""];
    clearTimeout(timer);
    timer = setTimeout(() => send({ kind: "prompt", text: request }), 300);
  };
  const draw = () => {
    const { template, tokens, request } = latest;
    if (!tokens && template.model && alive && request && asked !== request) ask(request);
    title.textContent = template.model ? `Sus tokens, con el tokenizer de ${template.model}` : "Sus tokens";
    list.replaceChildren(...(tokens ?? []).map(([text, id, trained]) =>
      h("li", { class: trained ? "lm-step lm-trained" : "lm-step", "data-id": id,
        "data-label": trained ? id : -100 },
      tokenNode(text), h("small", {}, id), h("small", {}, trained ? id : "−100"))));
    list.hidden = !tokens;
    note.textContent = tokens ? `${count(tokens.length, "token", "tokens")}, de los que se entrenan `
      + `${sum(tokens.map(([, , trained]) => trained))}. Bajo cada uno, su id y su etiqueta.`
      + (tokens.some(([text]) => text.includes("\ufffd")) ? " Un \ufffd es parte de una letra." : "")
      : missingTokens(template, request, alive, failed);
  };
  listen("msg:custom", ({ kind, text }) => {
    if (kind === "pong") alive = true;
    if (kind === "error") failed = text;
    if (latest && ["pong", "error"].includes(kind)) draw();
  });
  send({ kind: "ping" });
  return { nodes: [title, list, note], stop: () => clearTimeout(timer),
    show: (values) => { latest = values; draw(); } };
}

function missingTokens(template, request, alive, failed) {
  if (!template.model) return `El tokenizer de ${template.name} no viene con el curso: aquí solo se cuentan caracteres.`;
  if (!request) return "Sin un texto no hay tokens.";
  if (alive) return failed || "Calculando sus tokens…";
  return "Cambiaste el ejemplo, y para dividir en tokens lo que escribes hace falta Python: abre este cuaderno "
    + "en JupyterLab o en Colab y ejecútalo.";
}

// El texto hecho a mano frente al exacto.
function attemptPart(move) {
  const choose = h("select", { onchange: () => move({ mistake: Number(choose.value), attempt: null }) });
  const input = h("textarea", { rows: 6, maxlength: 3000, spellcheck: "false", autocapitalize: "off",
    oninput: () => move({ attempt: input.value }) });
  const [verdict, why] = [line("note"), line("detail")];
  const rows = h("div", { class: "lm-diff" });
  const show = ({ template, exact, s }) => {
    const broken = template.mistakes.map((mistake) => withMistake(exact, mistake, s.system));
    const chosen = broken[s.mistake] == null ? broken.findIndex((text) => text !== null) : s.mistake;
    choose.replaceChildren(...template.mistakes.map(({ name }, i) => h("option", { value: i,
      selected: i === chosen, disabled: broken[i] === null }, name)));
    const attempt = s.attempt ?? broken[chosen];
    write(input, attempt);
    const found = compareTexts(exact, attempt, template.marks);
    const known = template.mistakes[broken.indexOf(attempt)];
    verdict.textContent = found.sentence;
    verdict.classList.toggle("lm-same", found.same);
    why.textContent = found.same ? "" : known?.why ?? "";
    rows.hidden = found.same;
    rows.replaceChildren(...(found.same ? [] : [
      ...aside("se esperaba", exact, found, found.missing, template.marks),
      ...aside("escribiste", attempt, found, found.surplus, template.marks)]));
    return found;
  };
  return { show, nodes: [line("title", "La misma plantilla, hecha a mano"),
    line("caption", "Elige un error frecuente, corrígelo aquí mismo o escribe el texto desde cero. Al cambiar "
      + "la conversación o el error se escribe otra vez."),
    h("label", { class: "lm-box lm-pick" }, h("span", {}, "error"), choose),
    h("label", { class: "lm-box" }, h("span", {}, "tu texto"), input), verdict, rows, why] };
}

const AROUND = 30; // caracteres a cada lado de la diferencia

function aside(name, text, { before }, middle, marks) {
  const [start, end] = [before.length, before.length + middle.length];
  const [from, to] = [Math.max(0, start - AROUND), end + AROUND];
  return [h("span", { class: "lm-detail" }, name), h("p", { class: "lm-chat" }, from ? "…" : "",
    ...marked(text.slice(from, start), marks),
    h("mark", { class: middle ? "" : "lm-hole" }, ...marked(middle, marks)),
    ...marked(text.slice(end, to), marks), to < text.length ? "…" : "")];
}

// ---- la vista

function build({ listen, send, move }) {
  let data;
  const boxes = [messageBox("sistema (opcional)", "system", 2, move),
    messageBox("usuario", "user", 3, move), messageBox("respuesta (opcional)", "answer", 3, move)];
  const exampleOf = (place) => {
    const said = Object.fromEntries(data.examples[place].messages.map((m) => [m.role, m.content]));
    return { system: said.system ?? "", user: said.user, answer: said.assistant ?? "" };
  };
  const restore = (place) => move({ ...exampleOf(place), attempt: null });
  let example = 0;
  const back = h("button", { type: "button", onclick: () => restore(example) }, "Volver al ejemplo");
  const error = line("note lm-wrong");
  const chat = line("chat");
  const key = legend(["lm-is-read", "prompt: solo se lee, etiqueta −100"],
    ["lm-is-trained", "respuesta con su cierre: se entrena"], ["lm-is-tag", "marca de la plantilla"]);
  const [cards, note] = [h("div", { class: "lm-stats" }), line("note")];
  const tokens = tokenPart(listen, send);
  const attempt = attemptPart(move);
  const written = h("div", { class: "lm-group" }, chat, key, cards, note);
  const divided = h("div", { class: "lm-group" }, ...tokens.nodes);
  const handmade = h("div", { class: "lm-group" }, ...attempt.nodes);
  listen("change:template", () => move({ mistake: 0, attempt: null }));
  listen("change:example", (_model, place) => restore(place));

  const paint = ({ data: now, own, entry, s }) => {
    [data, example] = [now, s.example];
    for (const { trait, input } of boxes) write(input, s[trait]);
    const typed = Object.entries({ system: s.system, user: s.user, assistant: s.answer });
    const messages = typed.filter(([, content]) => content).map(([role, content]) => ({ role, content }));
    const same = (other) => JSON.stringify(other) === JSON.stringify(messages);
    const template = data.templates[s.template];
    back.hidden = same(data.examples[example].messages);
    let pieces = [];
    error.textContent = "";
    try {
      pieces = chatPieces(template, messages);
    } catch (reason) {
      error.textContent = reason.message;
    }
    const bad = error.hidden = !error.textContent;
    for (const part of [written, divided, handmade]) part.hidden = !bad;
    if (error.textContent) {
      return { shown: { template: template.name, text: "", trained: 0, verdict: "error" },
        said: error.textContent };
    }
    const exact = pieces.map(([text]) => text).join("");
    const [total, trained] = [size([exact]), size(pieces.filter((p) => p[1]).map((p) => p[0]))];
    chat.replaceChildren(...pieceNodes(pieces, template.marks));
    cards.replaceChildren(...stats([["el texto", count(total, "carácter", "caracteres"), template.name],
      ["solo se lee", integer(total - trained), "etiqueta −100"],
      ["se entrena", integer(trained), "la respuesta y su cierre"]]));
    note.textContent = sentence(template, messages, pieces);
    const answered = own && entry.template === template.name && same(entry.messages) ? entry : null;
    const stored = data.examples.find((other) => same(other.messages));
    tokens.show({ template, tokens: answered?.tokens ?? stored?.tokens[s.template],
      request: JSON.stringify({ template: template.name, messages }) });
    const found = attempt.show({ template, exact, s });
    return { shown: { template: template.name, text: exact, trained, verdict: found.same ? "igual" : "distinta" },
      said: `${note.textContent} Tu texto: ${found.sentence}` };
  };
  const boxesNode = h("div", { class: "lm-boxes" }, ...boxes.map(({ node }) => node), back);
  return { parts: [boxesNode, error, written, divided, handmade], paint, dispose: tokens.stop };
}

export default lab({ name: "templates", label: "Laboratorio de plantillas",
  traits: ["template", "example", "system", "user", "answer", "mistake", "attempt"], build });
