// El motor: llama.cpp compilado a WebAssembly (wllama), que corre en su propio worker, y la puerta por la que los
// laboratorios le preguntan. Los pesos son el mismo GGUF con que se calculó el libro.

const CONTEXT = 1024; // tokens
const LONGEST = 256; // los de un texto propio, como en Python
const SEEN = 2048; // cuántos se piden para buscar uno; si no está, todos

export async function openModel({ manifest, store }) {
  const part = async (role, type) => {
    const blobs = await Promise.all(manifest.files.filter((f) => f.role === role).map((f) => kept(store, f)));
    if (blobs.includes(undefined)) throw new Error("falta una parte del modelo: quítalo y descárgalo otra vez.");
    return new Blob(blobs, { type });
  };
  const many = isolated() && navigator.hardwareConcurrency > 1;
  const { Wllama } = await import(URL.createObjectURL(await part("engine", "text/javascript")));
  const wasm = URL.createObjectURL(await part(isolated() ? "multi" : "single", "application/wasm"));
  let fail; // lo que el worker no contesta, pero falla
  const failed = new Promise((_, reject) => { fail = (event) => reject(new Error(event?.message ?? String(event))); });
  failed.catch(() => {});
  const silent = () => {};
  const llama = new Wllama({ "single-thread/wllama.wasm": wasm, "multi-thread/wllama.wasm": wasm },
    { suppressNativeLog: true, logger: { debug: silent, log: silent, warn: silent, error: fail } });
  const alive = (work) => Promise.race([work, failed]);
  try {
    await alive(llama.loadModel([await part("weights")], { n_ctx: CONTEXT,
      n_threads: many ? Math.max(2, Math.floor(navigator.hardwareConcurrency / 2)) : 1 }));
  } catch (error) {
    llama.exit().catch(silent);
    throw new Error("el modelo no pudo abrirse; lo más probable es que no le alcance la memoria (hacen falta unos "
      + `${Math.round(manifest.memory / 1e6)}\u202fMB). Cierra otras pestañas o prueba en otro equipo. [${error.message}]`);
  }
  const engine = makeEngine(llama, alive, manifest.name);
  failed.catch(() => { engine.broken = true; });
  return engine;
}

// La puerta. `llama`: un Wllama ya abierto; `alive(promesa)`: la misma, o el error si el worker se detuvo.
export function makeEngine(llama, alive, name) {
  const { n_vocab: size, token_bos: bos, list_tokens_eog: ends } = llama.getLoadedContextInfo();
  const addsBos = llama.mustAddBosToken();
  const [names, bytesOf] = [new Map(), new Map()];
  let [cached, turn] = [[], Promise.resolve()];

  // Una pregunta a la vez: dos laboratorios comparten la memoria de lo leído.
  const alone = (f) => {
    const mine = turn.then(f, f);
    turn = mine.catch(() => {});
    return alive(mine);
  };
  const read = async (ids) => {
    let n = 0;
    while (n < cached.length && n < ids.length - 1 && cached[n] === ids[n]) n++;
    if (n < cached.length) {
      const before = cached;
      cached = [];
      if (n === 0) await llama.kvClear();
      else await llama.kvRemove(n, -1);
      cached = before.slice(0, n);
    }
    await llama.decode(ids.slice(n), {});
    cached = ids.slice();
  };
  // Las probabilidades llegan de mayor a menor y en float32: un cero es «menos de lo que cabe».
  const log = (p) => Math.log(Math.max(p, 1e-45));
  const ask = async (ids, k) => {
    await read(ids);
    const found = await llama.getLogits(k);
    const total = k < 0 ? found.reduce((sum, { p }) => sum + p, 0) : 1;
    return { ids: found.map(({ token }) => token), logprobs: found.map(({ p }) => log(p / total)) };
  };

  const bytes = async (id) => {
    if (!bytesOf.has(id)) bytesOf.set(id, await llama.detokenize([id]));
    return bytesOf.get(id);
  };
  const encode = async (text, special = true) => {
    const ids = Array.from(await alive(llama.tokenize(text, true)));
    return special && addsBos ? [bos, ...ids] : ids;
  };
  const engine = {
    name, size, ends: Array.from(ends), context: CONTEXT, encode,
    // Los `k` más probables tras `ids` (todos, si k < 0): {ids, logprobs}, de mayor a menor.
    next: (ids, k = -1) => alone(() => ask(ids, k)),
    // El logaritmo de la probabilidad de `id` tras `ids`.
    score: (ids, id) => alone(async () => {
      for (const k of [SEEN, -1]) {
        const found = await ask(ids, Math.min(k, size));
        const at = found.ids.indexOf(id);
        if (at >= 0) return found.logprobs[at];
      }
      return log(0);
    }),
    bytes: (id) => alive(bytes(id)),
    // Cada token como texto; un trozo de una letra se ve como «�», igual que en Python.
    names: async (ids) => {
      const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
      for (const id of ids) if (!names.has(id)) names.set(id, decoder.decode(await alive(bytes(id))));
      return ids.map((id) => names.get(id));
    },
    decode: async (ids) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(await alive(llama.detokenize(ids))),
    // Los ids de `text` y las letras [inicio, fin) de cada uno; las de lo que va delante, (0, 0).
    encodeSpans: async (text, special = true) => {
      const ids = await encode(text, special);
      const from = ids.length && special && addsBos ? 1 : 0;
      const letters = []; // de cada byte, la letra a la que pertenece
      const encoder = new TextEncoder();
      let at = 0;
      for (const letter of text) {
        for (let i = encoder.encode(letter).length; i > 0; i--) letters.push([at, at + letter.length]);
        at += letter.length;
      }
      const spans = from ? [[0, 0]] : [];
      let start = 0;
      for (const id of ids.slice(from)) {
        const end = start + (await alive(bytes(id))).length;
        spans.push([letters[start]?.[0] ?? at, letters[end - 1]?.[1] ?? at]);
        start = end;
      }
      return { ids, spans };
    },
    // El token tras el que se lee un texto que no tiene nada delante.
    start: async () => {
      const separator = addsBos ? -1 : await alive(llama.lookupToken("<|endoftext|>"));
      return separator >= 0 ? separator : bos;
    },
    close: () => llama.exit().catch(() => {}),
  };
  return engine;
}

// Los ids de un texto propio, o por qué no sirve; lo mismo que dice Python.
async function checkText(engine, text) {
  if (!text.trim()) throw new Error("el texto está vacío: escribe al menos una palabra.");
  const ids = await engine.encode(text);
  if (ids.length > LONGEST) throw new Error(`el texto tiene ${ids.length} tokens y aquí caben ${LONGEST}: usa uno más corto.`);
  return ids;
}
