// Lo que corre aparte, en un worker: carga el modelo una vez y escribe; la página no se traba y puede decir «para».

const SHOWN = 8; // alternativas de cada token

// Atiende los mensajes de la página y le contesta con `post`:
//   load {buffer}  -> ready {context, vocabulary, parameters}
//   write {run, text | ids, force, settings, seed, given, limit, wait}
//                  -> given {run, ids, text}, token {run, ...} por cada uno y done {run, reason, seconds, tokens}
//   stop           -> el done de lo que estuviera escribiendo
// o con error {run, text}.
export function storyWorker(post) {
  let [tokenizer, network, chooser, current] = [null, null, null, null];

  const load = (buffer) => {
    const model = readModel(buffer);
    tokenizer = makeTokenizer(model.tokenizer);
    network = makeNetwork(model);
    chooser = makeChooser(network.size);
    const parameters = Object.values(model.tensors).reduce((n, { values }) => n + values.length, 0);
    post({ kind: "ready", context: network.context, vocabulary: network.size, parameters });
  };

  const start = ({ text, ids }) => {
    const read = ids ?? tokenizer.encode(text);
    if (read.length >= network.context) {
      throw new Error(`Tu comienzo tiene ${read.length} tokens y al modelo le caben ${network.context}: acórtalo.`);
    }
    return read;
  };

  // Un token más: el que se sortee, o `force`. [id, texto que completa, nombre, prob. del modelo, prob. sorteada]
  const next = (ids, decode, job, u, force) => {
    const drawn = chooser.choose(network.read(ids), job.settings, u);
    const id = force ?? drawn;
    const row = (i) => [i, tokenizer.name(i), chooser.model[i], chooser.final[i]];
    const others = Array.from(chooser.order.subarray(0, SHOWN), row);
    if (!others.some(([i]) => i === id)) others.push(row(id));
    return { id, text: decode(id), others, forced: force !== undefined, p: chooser.model[id], final: chooser.final[id] };
  };

  const write = async (job) => {
    const channel = new MessageChannel();
    const breathe = () => new Promise((resolve) => {
      if (job.wait > 0) setTimeout(resolve, job.wait);
      else { channel.port1.onmessage = resolve; channel.port2.postMessage(0); }
    });
    current = job;
    const ids = start(job).slice();
    const decode = tokenizer.decoder();
    const told = ids.map(decode).join("");
    if (job.text !== undefined) post({ kind: "given", run: job.run, ids: ids.slice(), text: told });
    const uniform = random(job.seed);
    const given = job.given ?? ids.length;
    for (let i = given; i < ids.length; i++) uniform(); // cada token, siempre con su mismo número
    let [milliseconds, tokens, reason, force] = [0, 0, "limit", job.force];
    while (tokens < job.limit && current === job) {
      if (ids.length >= network.context) { reason = "context"; break; }
      const before = performance.now();
      const token = next(ids, decode, job, uniform(), force);
      milliseconds += performance.now() - before;
      force = undefined;
      ids.push(token.id);
      tokens++;
      post({ kind: "token", run: job.run, ...token });
      if (token.id === tokenizer.eos) { reason = "eos"; break; }
      await breathe();
    }
    channel.port1.close();
    if (current !== job && reason === "limit") reason = "stop";
    if (current === job) current = null;
    post({ kind: "done", run: job.run, reason, seconds: milliseconds / 1000, tokens });
  };

  return async (message) => {
    try {
      if (message.kind === "load") load(message.buffer);
      if (message.kind === "stop") current = null;
      if (message.kind === "write") await write(message);
    } catch (error) {
      post({ kind: "error", run: message.run, text: error.message });
    }
  };
}

if (typeof WorkerGlobalScope !== "undefined") {
  const attend = storyWorker((message) => self.postMessage(message));
  self.onmessage = ({ data }) => attend(data);
}
