// La oferta de cada laboratorio: traer el modelo a este navegador, o quitarlo. Solo está en un sitio construido con
// MODELO=…, como un guion de la página; lo que pesa (el programa, el motor y los pesos) se pide cuando alguien pulsa.
(() => {
  const script = document.currentScript;
  const folder = new URL(".", script.src);
  const model = JSON.parse(script.dataset.model); // {name, id, bytes, memory, terms, truth}
  const KINDS = ["temperature", "prompting", "beam", "story"];
  const STORE = `curso-modelo-${model.name}`;
  const MARK = new URL(`/modelo/${model.id}`, location.href).href; // está en el depósito si la descarga se completó
  const megabytes = (n) => String(Math.round(n / 1e6));
  const size = `${megabytes(model.bytes)}\u202fMB`;

  // ---- el estado, uno para todos los laboratorios de la página

  const watchers = new Set();
  // phase: asking (aún no se sabe), absent, partial, downloading, stored
  let now = { phase: "asking", got: 0, left: null, message: "" };
  const become = (change) => {
    now = { ...now, ...change };
    for (const watch of watchers) watch(now, "phase" in change || "message" in change);
  };
  let [abort, opened] = [null, null];

  const look = async () => {
    try {
      if (!(await caches.has(STORE))) return "absent";
      const store = await caches.open(STORE);
      return (await store.match(MARK)) ? "stored" : (await store.keys()).length ? "partial" : "absent";
    } catch { return "absent"; } // sin depósito: se explica cuando alguien lo pide
  };
  look().then((phase) => become({ phase }));

  const lacking = () => {
    if (location.protocol === "file:") {
      return "Una página abierta desde el disco no puede traer el modelo: sirve la carpeta con «python -m http.server» "
        + "y ábrela en http://localhost:8000.";
    }
    if (typeof WebAssembly !== "object" || typeof Worker === "undefined") {
      return "Este navegador no puede correr el modelo (no tiene WebAssembly): abre la página en uno más reciente.";
    }
    if (typeof caches === "undefined" || !globalThis.crypto?.subtle) {
      return "Este navegador no deja guardar el modelo: la página debe abrirse con https, y no en una ventana privada.";
    }
    return "";
  };

  // El programa y el manifiesto: del depósito, si la descarga se completó; si no, del sitio.
  const parts = async () => {
    const store = await caches.open(STORE);
    const mark = await store.match(MARK);
    if (!mark) {
      const cut = () => { throw new Error("No se pudo pedir el modelo: revisa la conexión y pulsa otra vez."); };
      const answer = await fetch(new URL(`manifest.json?v=${model.id}`, folder)).catch(cut);
      if (!answer.ok) throw new Error(`Este sitio no tiene el modelo (${answer.status}): recarga la página.`);
      const program = await import(new URL(`programa.js?v=${model.id}`, folder)).catch(cut);
      return { store, program, manifest: await answer.json() };
    }
    const manifest = await mark.json();
    const { sha256 } = manifest.files.find(({ role }) => role === "program");
    const code = await (await store.match(new URL(`/modelo/${sha256}`, location.href))).text();
    const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
    return { store, manifest, program: await import(url) };
  };

  // ---- lo que se puede pedir

  const download = async (say) => {
    const refused = lacking();
    if (refused) return become({ message: refused });
    abort = new AbortController();
    const [started, { signal }] = [performance.now(), abort];
    become({ phase: "downloading", got: 0, left: null, message: "" });
    say(`Se está descargando el modelo, ${size}.`);
    try {
      const { store, program, manifest } = await parts();
      let first = null;
      await program.fetchModel({ manifest, folder, store, signal, progress: (got) => {
        first ??= got;
        const pace = (got - first) / (performance.now() - started);
        become({ got, left: got - first > 2e6 ? (model.bytes - got) / pace / 1000 : null });
      } });
      await store.put(MARK, new Response(JSON.stringify(manifest)));
      become({ phase: "stored" });
      say("El modelo está listo: escribe tu texto.");
    } catch (error) {
      const phase = await look();
      const kept = phase === "partial" ? ` Lo que llegó queda guardado (${megabytes(now.got)} de ${size}).` : "";
      const why = signal.aborted ? "Descarga cancelada." : error.message;
      become({ phase, message: why + kept });
      say(now.message);
    }
  };

  const remove = async (say) => {
    const engine = await opened?.catch(() => null);
    [opened] = [null, engine?.close()];
    await caches.delete(STORE);
    become({ phase: "absent", got: 0, message: "Se quitó el modelo de este navegador." });
    say(now.message);
  };

  // Un solo motor para todos los laboratorios; se abre con el primer texto.
  const open = () => {
    opened ??= parts().then(async ({ store, program, manifest }) => {
      const engine = await program.openModel({ manifest, store });
      Object.assign(engine, { answers: program.ANSWERS, writer: program.makeWriter });
      return engine;
    });
    opened.catch(() => { opened = null; }); // que se pueda intentar otra vez
    return opened;
  };

  // ---- lo que se ve en cada laboratorio

  const time = (s) => (s < 90 ? `${Math.max(1, Math.round(s))}\u202fs` : `${Math.round(s / 60)}\u202fmin`);
  const lines = {
    absent: (kind) => `Escribe ${kind === "story" ? `con ${model.name}` : "tu propio texto"}: descarga el modelo (${size}, una vez; queda en este navegador).`,
    partial: () => "La descarga del modelo quedó a medias; sigue desde donde iba.",
    downloading: (_, { got, left }) => `Descargando el modelo: ${megabytes(got)} de ${size}`
      + (left === null ? "…" : `; falta ${time(left)}.`),
    stored: () => `${model.name} está en este navegador y calcula con tu texto; lo que escribas no sale de aquí.`,
  };
  const ACTIONS = { absent: "Descargar el modelo", partial: "Seguir la descarga", downloading: "Cancelar" };

  function offer(kind, h, say, ...more) {
    const text = h("span", { class: "lm-offer-text" });
    const main = h("button", { type: "button", onclick: () =>
      (now.phase === "downloading" ? abort.abort() : download(say)) });
    const drop = h("button", { type: "button", onclick: () => remove(say).then(() => main.focus()) });
    const bar = h("progress", { max: model.bytes, "aria-label": "descarga del modelo" });
    const message = h("span", { class: "lm-status" });
    const memory = navigator.deviceMemory; // en GB; solo algunos navegadores lo dicen
    const tight = memory && memory * 1e9 < 3 * model.memory ? ` Usa ${megabytes(model.memory)}\u202fMB de memoria, y `
      + `este equipo dice tener ${memory}\u202fGB.` : "";
    const terms = h("small", { class: "lm-detail" }, model.terms + tight, " ",
      h("a", { href: new URL("TERMINOS.txt", folder).href }, "Términos y avisos"));
    const note = h("p", { class: "lm-detail", hidden: true }, model.truth); // al pie del laboratorio
    const box = h("div", { class: "lm-own lm-offer", hidden: true }, text, bar, main, drop, ...more, message, terms);
    watchers.add((state, changed) => {
      const { phase, got } = state;
      box.hidden = phase === "asking";
      if (box.hidden) return;
      box.dataset.phase = phase;
      text.textContent = lines[phase](kind, state);
      [bar.hidden, bar.value] = [phase !== "downloading", got];
      if (!changed) return;
      const focused = document.activeElement === main;
      main.hidden = phase === "stored";
      main.textContent = ACTIONS[phase] ?? "";
      drop.hidden = phase !== "stored" && phase !== "partial";
      drop.textContent = phase === "stored" ? `Quitar el modelo (${size})` : "Quitar lo descargado";
      if (focused && main.hidden) drop.focus(); // quien usa el teclado no pierde su sitio
      message.textContent = state.message;
      [terms.hidden, note.hidden] = [phase === "stored", phase !== "stored" || !model.truth];
    });
    return { box, note };
  }

  // Quien contesta a un laboratorio, con los mensajes de Python: ping -> pong, prompt -> progress, done o error.
  // `tools`: {h, say, emit(mensaje), move(rasgos), get(rasgo), listen(evento, f), data()}.
  function serve(kind, { h, say, emit, move, get, listen, data }) {
    if (!KINDS.includes(kind)) return null;
    if (kind === "story") return serveWriter({ h, say, emit });
    let [job, busy, pattern, shown] = [0, false, "", null];
    const parts = offer(kind, h, say);
    watchers.add(({ phase }) => {
      if ((phase === "stored") === shown) return;
      shown = phase === "stored";
      emit({ kind: shown ? "pong" : "gone" });
    });
    const compute = async (text) => {
      const mine = ++job;
      busy = true;
      try {
        const engine = await open();
        for await (const { done, total, entry } of engine.answers[kind](engine, text, { data: data(), get, pattern })) {
          if (mine !== job) return;
          emit({ kind: "progress", done, total });
          if (entry) move({ own: JSON.stringify(entry) });
        }
        busy = false;
        emit({ kind: "done" });
      } catch (error) {
        busy &&= mine !== job;
        if ((await opened?.catch(() => null))?.broken) opened = null;
        if (mine === job) emit({ kind: "error", text: `No se pudo calcular: ${error.message}` });
      }
    };
    listen("change:own", () => { // volvió a los ejemplos: lo que falte ya no hace falta
      if (get("own") || !busy) return;
      [job, busy] = [job + 1, false];
      emit({ kind: "done" });
    });
    const ask = (message) => {
      if (message.kind === "ping" && shown) emit({ kind: "pong" });
      if (message.kind === "pattern") pattern = message.text.trim();
      if (message.kind === "prompt") compute(message.text);
    };
    for (const watch of watchers) watch(now, true);
    return { ...parts, ask };
  }

  // En el laboratorio de cuentos, quien escribe se elige: `chosen()` dice si es este modelo, y `writer(hear)` lo abre.
  function serveWriter({ h, say, emit }) {
    const check = h("input", { type: "checkbox", onchange: () => emit({ kind: "writer" }) });
    const label = h("label", { class: "lm-fast", hidden: true }, check, h("span", {}, `que escriba ${model.name}`));
    const parts = offer("story", h, say, label);
    watchers.add(({ phase }) => {
      label.hidden = phase !== "stored";
      if (!label.hidden || !check.checked) return;
      check.checked = false;
      emit({ kind: "writer" });
    });
    for (const watch of watchers) watch(now, true);
    return { ...parts, chosen: () => check.checked, writer: async (hear) => {
      const engine = await open();
      return engine.writer(engine, hear);
    } };
  }

  globalThis.courseModel = { serve };
})();
