// Traer el modelo: archivo por archivo, cada uno comprobado con su huella y guardado en el depósito del navegador
// (Cache API) antes de pedir el siguiente. Lo que ya está guardado no se vuelve a pedir.

const place = ({ sha256 }) => new URL(`/modelo/${sha256}`, location.href).href;
const isolated = () => globalThis.crossOriginIsolated === true;

// Los que este navegador usa: de los dos motores, el de varios hilos solo donde la página está aislada.
const neededFiles = ({ files }) =>
  files.filter(({ role }) => role !== (isolated() ? "single" : "multi"));

export const kept = async (store, file) => (await store.match(place(file)))?.blob();

// `progress(n)`: cuántos bytes van, contando los que ya estaban. Lanza un error que dice qué hacer.
export async function fetchModel({ manifest, folder, store, signal, progress }) {
  const files = neededFiles(manifest);
  const present = new Set((await store.keys()).map(({ url }) => url));
  const missing = files.filter((file) => !present.has(place(file)));
  const count = (list) => list.reduce((total, { bytes }) => total + bytes, 0);
  let got = count(files) - count(missing);
  progress(got);
  await checkRoom(count(missing));
  navigator.storage?.persist?.().catch(() => {}); // que no lo borre solo; si no se puede, igual sirve
  for (const file of missing) {
    const bytes = await fetchFile(new URL(file.file, folder), file, signal, (n) => progress(got + n));
    if (file.role === "single" || file.role === "multi") checkEngine(bytes);
    await keep(store, file, bytes);
    got += file.bytes;
  }
  const current = new Set(files.map(place));
  for (const request of await store.keys()) { // lo de una edición anterior del sitio
    if (!current.has(request.url)) await store.delete(request);
  }
}

async function fetchFile(url, { file, bytes, sha256 }, signal, progress) {
  const cut = () => new Error("Se cortó la descarga: revisa la conexión y pulsa otra vez.");
  let response;
  try { response = await fetch(url, { signal }); } catch { throw cut(); }
  if (!response.ok) throw new Error(`Este sitio no tiene ${file} (${response.status}): recarga la página y prueba otra vez.`);
  const found = new Uint8Array(bytes);
  const reader = response.body.getReader();
  let got = 0;
  for (;;) {
    const { done, value } = await reader.read().catch(() => { throw cut(); });
    if (done) break;
    if (got + value.length <= bytes) found.set(value, got);
    got += value.length;
    progress(got);
  }
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", found));
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (got !== bytes || hex !== sha256) {
    throw new Error(`Lo que llegó de ${file} no es lo que el libro publicó, y se descartó: pulsa otra vez.`);
  }
  return found;
}

function checkEngine(bytes) {
  if (WebAssembly.validate(bytes)) return;
  throw new Error("Este navegador no puede correr el modelo (su WebAssembly es anterior al que hace falta): actualízalo o "
    + "abre la página en otro.");
}

async function checkRoom(bytes) {
  const { quota, usage } = (await navigator.storage?.estimate?.().catch(() => null)) ?? {};
  if (quota !== undefined && quota - usage < 1.05 * bytes) throw full(quota - usage);
}

const full = (room) => new Error("El modelo no cabe en lo que este navegador deja guardar"
  + (room === undefined ? "" : ` (quedan ${Math.max(0, Math.round(room / 1e6))}\u202fMB)`)
  + ": libera espacio en el equipo o sal de la ventana privada.");

async function keep(store, file, bytes) {
  try {
    await store.put(place(file), new Response(bytes));
  } catch (error) {
    throw error.name === "QuotaExceededError" ? full() : error;
  }
}
