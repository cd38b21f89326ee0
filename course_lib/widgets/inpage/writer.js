// Escribir token por token con el modelo de la página: los mensajes son los de story_worker.js, y el laboratorio de
// cuentos no distingue quién le contesta.

const ALTERNATIVES = 8;

// Devuelve {ask(mensaje), close()}; lo que dice llega a `post`.
export function makeWriter(engine, post) {
  let current = null;

  const write = async (job) => {
    current = job;
    const ids = job.ids?.slice() ?? (await checkText(engine, job.text));
    if (job.ids === undefined) post({ kind: "given", run: job.run, ids: ids.slice(), text: job.text });
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    const uniform = random(job.seed);
    const given = job.given ?? ids.length;
    for (const id of ids.slice(given)) { // cada token, siempre con su mismo número
      uniform();
      decoder.decode(await engine.bytes(id), { stream: true });
    }
    let [seconds, tokens, reason, force] = [0, 0, "limit", job.force];
    while (tokens < job.limit && current === job) {
      if (ids.length >= engine.context) { reason = "context"; break; }
      const before = performance.now();
      const found = await engine.next(ids);
      const final = filtered(found.logprobs, job.settings);
      const at = force === undefined ? Math.min(draw(final, uniform()), final.length - 1) : found.ids.indexOf(force);
      const id = found.ids[at];
      const shown = at < ALTERNATIVES ? [...Array(Math.min(ALTERNATIVES, engine.size)).keys()]
        : [...Array(ALTERNATIVES).keys(), at];
      const names = await engine.names(shown.map((i) => found.ids[i]));
      const row = (i, n) => [found.ids[i], names[n], Math.exp(found.logprobs[i]), final[i] ?? 0];
      const others = shown.map(row);
      const [, , p, chance] = others[shown.indexOf(at)];
      const ended = engine.ends.includes(id);
      const text = ended ? "" : decoder.decode(await engine.bytes(id), { stream: true });
      seconds += (performance.now() - before) / 1000;
      ids.push(id);
      tokens++;
      post({ kind: "token", run: job.run, id, text, others, forced: force !== undefined, p, final: chance, ended });
      force = undefined;
      if (ended) { reason = "eos"; break; }
    }
    if (current !== job && reason === "limit") reason = "stop";
    if (current === job) current = null;
    post({ kind: "done", run: job.run, reason, seconds, tokens });
  };

  const ask = (message) => {
    if (message.kind === "stop") current = null;
    if (message.kind !== "write") return undefined;
    return write(message).catch((error) => {
      current = null;
      post({ kind: "error", run: message.run, text: error.message });
    });
  };
  return { ask, close: () => { current = null; } };
}

// La distribución de la que se sortea, de mayor a menor y solo los que quedan: temperatura, top-k y top-p.
export function filtered(logprobs, { temperature, top_k: k, top_p: p }) {
  if (temperature <= 0) return [1];
  let n = k > 0 ? Math.min(k, logprobs.length) : logprobs.length;
  while (n < logprobs.length && logprobs[n] === logprobs[n - 1]) n++; // los empates con el k-ésimo también quedan
  const weights = logprobs.slice(0, n).map((l) => Math.exp((l - logprobs[0]) / temperature));
  const mass = weights.reduce((a, b) => a + b, 0);
  let tail = 0;
  while (p < 1 && n > 1 && tail + weights[n - 1] <= (1 - p) * mass) tail += weights[--n];
  return weights.slice(0, n).map((w) => w / (mass - tail));
}
