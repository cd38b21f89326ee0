// El laboratorio de prompting: la plantilla llena, el puntaje de cada candidata token a token y lo que dice sin entrada.
// Son las cuentas de course_lib.prompting, con sus reglas: qué signo gana, qué tokens son contexto y cuáles se puntúan.

export async function* promptingAnswer(engine, text, { data, get, pattern }) {
  await checkText(engine, text);
  const pieces = checkPattern(pattern || data.templates[get("template")].pattern);
  const inputs = [text, "", "N/A", "[MASK]"]; // los tres últimos no dicen nada: calibran
  const [rows, total] = [[], inputs.length];
  for (const input of inputs) {
    yield { done: rows.length, total };
    const row = [];
    for (const answer of data.answers) row.push(await measure(engine, fill(pieces, input, answer), answer));
    rows.push(row);
  }
  const sums = (row) => row.map(({ logprobs }) => logprobs.reduce((a, b) => a + b, 0));
  const free = [rows[2], rows[1], rows[3]];
  yield { done: total, total, entry: { text, data: { model: engine.name },
    base: { pattern: pieces.join(""), prior: sums(rows[1]), content_free: free.map(sums),
      free_units: free.map((row) => row.map(({ units }) => units)) },
    cells: [{ parts: fill(pieces, text, null), answers: rows[0] }] } };
}

function checkPattern(pattern) {
  const names = Array.from(pattern.matchAll(/\[([^[\]\s]+)\]/g), ([, name]) => name);
  const unknown = names.find((name) => name !== "X" && name !== "Z");
  if (unknown) throw new Error(`la plantilla «${pattern}» tiene el casillero [${unknown}], que no existe: solo hay [X] y [Z].`);
  for (const slot of ["X", "Z"]) {
    if (names.filter((name) => name === slot).length !== 1) {
      throw new Error(`en la plantilla «${pattern}» el casillero [${slot}] debe estar exactamente una vez.`);
    }
  }
  if (/(?:[\p{L}\p{N}]|\[X\])$/u.test(pattern.slice(0, pattern.indexOf("[Z]")))) {
    throw new Error(`en «${pattern}», [Z] está pegado a lo que lo precede: deja un espacio antes.`);
  }
  return pattern.split(/(\[[XZ]\])/).filter(Boolean);
}

// La plantilla llena, en trozos [texto, origen]; sin `answer`, queda [Z].
export function fill(pieces, input, answer) {
  const texts = [...pieces];
  const sources = pieces.map((piece) => ({ "[X]": "entrada", "[Z]": "respuesta" })[piece] ?? "plantilla");
  sources.forEach((source, i) => {
    const slot = source === "entrada" ? input.trim() : answer?.trim();
    if (source === "plantilla" || slot === undefined) return;
    const [kept, following] = meet(slot, texts[i + 1] ?? "");
    texts[i] = kept;
    if (i + 1 < texts.length) texts[i + 1] = following;
    if (!slot && i > 0 && (following === "" || following[0] === "\n")) texts[i - 1] = texts[i - 1].replace(/ +$/, "");
  });
  return texts.map((text, i) => [text, sources[i]]).filter(([text]) => text);
}

// Entre lo que llena un casillero y lo que lo sigue gana el signo más fuerte.
function meet(slot, following) {
  if (!slot) return ["", following.replace(/^[.,;: ]+/, "")];
  const mark = following[0];
  if (!mark || !".,;:!?…".includes(mark)) return [slot, following];
  const last = slot.endsWith("...") ? "…" : slot.at(-1);
  if ("!?…".includes(last)) return [slot, mark === "." || mark === last ? following.slice(1) : following];
  if (last === "." && mark === ".") return [slot, following.slice(1)];
  return [".,;:".includes(last) ? slot.replace(/[.,;:]+$/, "") : slot, following];
}

async function measure(engine, parts, answer) {
  const text = parts.map(([part]) => part).join("");
  const origin = parts.flatMap(([part, source]) => Array(part.length).fill(source)); // de cada letra
  const found = origin.indexOf("respuesta");
  const start = found < 0 ? text.length : found;
  const end = start + origin.filter((source) => source === "respuesta").length;
  const { ids, spans, context } = await splitTokens(engine, text, start);
  if (!spans.some(([first, stop]) => first < end && stop > start)) throw new Error(`de la respuesta «${answer}» no queda ningún token en esa plantilla.`);
  const logprobs = [];
  for (let i = context; i < ids.length; i++) logprobs.push(await engine.score(ids.slice(0, i), ids[i]));
  const scored = text.slice(start); // la respuesta y lo que la sigue
  return { tokens: await engine.names(ids.slice(context)), logprobs,
    own: spans.slice(context).map(([, stop]) => origin[stop - 1] === "respuesta"),
    units: { token: logprobs.length, char: [...scored].length, byte: new TextEncoder().encode(scored).length } };
}

// Los tokens de `text` y cuántos son contexto, los que quedan antes de la letra `boundary`. Si uno toca los dos lados,
// cada lado se tokeniza por su cuenta (models/boundary.py).
export async function splitTokens(engine, text, boundary) {
  const edge = text.slice(0, boundary).replace(/ +$/, "").length;
  let { ids, spans } = await engine.encodeSpans(text);
  if (spans.some(([start, end]) => start < edge && edge < end)) {
    const [before, after] = [await engine.encodeSpans(text.slice(0, edge)), await engine.encodeSpans(text.slice(edge), false)];
    ids = [...before.ids, ...after.ids];
    spans = [...before.spans, ...after.spans.map(([a, b]) => [a + edge, b + edge])];
  }
  const first = spans.findIndex(([, end]) => end > edge);
  if (first === 0) return { ids: [await engine.start(), ...ids], spans: [[0, 0], ...spans], context: 1 };
  return { ids, spans, context: first < 0 ? spans.length : first };
}
