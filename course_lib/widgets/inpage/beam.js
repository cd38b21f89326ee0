// El laboratorio de haces: todo nodo que alguna posición de los controles alcanza. Son las cuentas de beam.py; allí un
// lote por paso, aquí un nodo tras otro, en el orden en que comparten más principio.

const MAX_BEAMS = 6;

export async function* beamAnswer(engine, text, { data }) {
  const start = await checkText(engine, text);
  const stop = data.stop ? await engine.encode(data.stop, false) : engine.ends;
  const eos = data.model === engine.name ? data.eos : stop;
  const [factor, steps] = [Math.max(2, 1 + eos.length), data.max_steps];
  const [vocabulary, nodes, paths] = [new Map(), [], [[]]]; // id -> lugar; candidatos y tokens de cada nodo
  const place = (id) => vocabulary.get(id) ?? vocabulary.set(id, vocabulary.size).get(id);
  let running = new Map(Array.from({ length: MAX_BEAMS }, (_, i) => [i + 1, [[0, 0]]]));
  for (let step = 1; step <= steps; step++) {
    const [first, widest] = [nodes.length, new Map()];
    for (const [k, alive] of running) for (const [, node] of alive) widest.set(node, k);
    const found = new Map();
    const order = paths.map((path, node) => [path.join(), node]).slice(first).sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [, node] of order) {
      found.set(node, await engine.next([...start, ...paths[node]], Math.min(factor * widest.get(node), engine.size)));
    }
    for (let node = first; node < paths.length; node++) {
      const { ids, logprobs } = found.get(node);
      nodes.push(ids.map((id, i) => [place(id), logprobs[i]]));
    }
    yield { done: step, total: steps };
    if (step === steps) break;
    const ids = [...vocabulary.keys()];
    const ended = new Set(eos.map((id) => vocabulary.get(id)));
    const opened = paths.length;
    running = new Map(Array.from(running, ([k, alive]) => [k, advance(nodes, paths, ids, alive, k, factor, ended)]));
    if (paths.length === opened) break; // todo terminó
  }
  const ids = [...vocabulary.keys()];
  yield { done: steps, total: steps, entry: { text, nodes, ids, tokens: await engine.names(ids),
    data: { model: engine.name, eos } } };
}

// Las `k` mejores hipótesis que siguen vivas; abre las que aún no lo estaban.
function advance(nodes, paths, ids, alive, k, factor, ended) {
  const width = factor * k;
  const candidates = alive.flatMap(([sum, node]) => nodes[node].slice(0, width).map((c) => [sum + c[1], node, c]))
    .sort((a, b) => b[0] - a[0]).slice(0, width); // orden estable
  const best = candidates.filter(([, , [token]]) => !ended.has(token)).slice(0, k);
  for (const [, node, candidate] of best) {
    if (candidate.length > 2) continue;
    candidate.push(paths.length);
    paths.push([...paths[node], ids[candidate[0]]]);
  }
  return best.map(([sum, , candidate]) => [sum, candidate[2]]);
}
