// De dónde salen los pesos: en el libro, del propio sitio; con Python detrás, de un mensaje. Solo cuando se piden.

const WAIT = 20000; // milisegundos sin respuesta de Python tras los que se deja de esperar
export const megabytes = (n) => `${number(n / 1e6, 1)}\u202fMB`;

// El libro dice dónde está su raíz; JupyterLab y Colab, no.
const site = () => document.documentElement.dataset.content_root;

// Una función que trae los bytes: load(data, avance, señal para cancelar).
export function weightsLoader({ listen, send }) {
  let answered = () => {};
  listen("msg:custom", (message, buffers) => answered(message, buffers));

  const fromSite = async ({ file, version, bytes }, progress, signal) => {
    const url = new URL(`${site()}_static/${file}?v=${version}`, location.href);
    let response;
    try {
      response = await fetch(url, { signal });
    } catch (error) {
      if (signal.aborted) throw error;
      throw new Error(location.protocol === "file:"
        ? "Una página abierta desde el disco no puede leer el modelo: sirve la carpeta con «python -m http.server» y "
          + "ábrela en http://localhost:8000."
        : `No se pudo pedir ${file}: revisa la conexión y pulsa otra vez.`);
    }
    if (!response.ok) {
      throw new Error(`Este sitio no tiene el modelo, ${file} (${response.status}). Puedes usar el laboratorio en `
        + "JupyterLab o Colab, ejecutando su celda.");
    }
    const found = new Uint8Array(bytes);
    const reader = response.body.getReader();
    let got = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (got + value.length <= bytes) found.set(value, got);
      got += value.length;
      progress(got);
    }
    return check(found, got, bytes);
  };

  const check = (found, got, bytes) => {
    if (got === bytes) return found.buffer;
    throw new Error(`Llegaron ${integer(got)} bytes y el modelo tiene ${integer(bytes)}: pulsa otra vez y, si se `
      + "repite, recarga la página.");
  };

  const fromPython = ({ bytes }, progress, signal) => new Promise((resolve, reject) => {
    const late = () => reject(new Error("Python no contestó: ejecuta la celda del laboratorio, con el kernel encendido, "
      + "y pulsa otra vez."));
    const timer = setTimeout(late, WAIT);
    signal.addEventListener("abort", () => reject(new Error("cancelado")));
    answered = ({ kind, text }, buffers) => {
      if (kind !== "weights" && kind !== "error") return;
      clearTimeout(timer);
      if (kind === "error") return reject(new Error(text));
      const { buffer, byteOffset, byteLength } = buffers[0];
      progress(byteLength);
      const found = new Uint8Array(buffer.slice(byteOffset, byteOffset + byteLength));
      try { resolve(check(found, byteLength, bytes)); } catch (error) { reject(error); }
    };
    send({ kind: "weights" });
  });

  return (...request) => (site() === undefined ? fromPython : fromSite)(...request);
}

// El worker con el modelo: `ask(mensaje)` le habla, y lo que dice llega a `hear`.
export function openWorker(code, hear) {
  if (typeof Worker === "undefined") {
    throw new Error("Este navegador no deja calcular aparte (no tiene «workers»): abre la página en uno más reciente.");
  }
  const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  const worker = new Worker(url);
  worker.onmessage = ({ data }) => hear(data);
  worker.onerror = () => hear({ kind: "error", text: "El cálculo se detuvo: recarga la página y prueba otra vez." });
  return { ask: (message, moved = []) => worker.postMessage(message, moved),
    close: () => { worker.terminate(); URL.revokeObjectURL(url); } };
}
