// Las plantillas en el navegador: de una conversación a su texto exacto, y qué cambia en uno hecho a mano.
// Puras; las prueba node contra course_lib.instruction.templates.

// Lo que quita `strip` en Python, que no es lo que quita `trim`.
const BLANK = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+";
const trimmed = (text) =>
  text.replace(new RegExp(`^${BLANK}`), "").replace(new RegExp(`${BLANK}$`), "");

// Los trozos del texto, [texto, se entrena], o un Error con el mismo mensaje que en Python.
export function chatPieces(template, messages) {
  const [system, turns] = checked(messages);
  reject(messages, template.marks);
  return WRITERS[template.kind](template, system, turns);
}

const WRITERS = {
  llama2({ bos, eos }, system, turns) {
    const start = system === null ? "" : `<<SYS>>\n${system}\n<</SYS>>\n\n`;
    return turns.map(({ role, content }, i) => {
      const clean = trimmed((i ? "" : start) + content);
      return role === "user" ? [`${bos}[INST] ${clean} [/INST]`, false] : [` ${clean} ${eos}`, true];
    });
  },
  chatml({ default_system }, own, turns) {
    const system = own ?? default_system;
    const start = system === null ? "" : `<|im_start|>system\n${system}<|im_end|>\n`;
    return writeTurns(start, turns, "<|im_start|>", "<|im_end|>", "assistant");
  },
  gemma({ bos }, system, turns) {
    const clean = turns.map(({ role, content }, i) =>
      ({ role, content: (i || system === null ? "" : `${system}\n\n`) + trimmed(content) }));
    return writeTurns(bos, clean, "<start_of_turn>", "<end_of_turn>", "model");
  },
};

function writeTurns(start, turns, opening, closing, assistant) {
  const pieces = turns.map(({ role, content }, i) => (role === "user"
    ? [`${i ? "\n" : start}${opening}user\n${content}${closing}\n${opening}${assistant}\n`, false]
    : [content + closing, true]));
  return turns.at(-1).role === "assistant" ? [...pieces, ["\n", false]] : pieces;
}

function checked(messages) {
  if (!messages.length) {
    throw new Error("La conversación está vacía: necesita al menos un mensaje del usuario.");
  }
  const first = Number(messages[0].role === "system");
  const turns = messages.slice(first);
  if (!turns.length) {
    throw new Error("La conversación solo tiene el mensaje de sistema, y a él no se le responde: agrega "
      + "uno del usuario.");
  }
  turns.forEach(({ role }, i) => {
    const expected = i % 2 ? "assistant" : "user";
    if (role !== expected) {
      throw new Error("Los papeles deben alternarse user, assistant, user…, con un solo system opcional al "
        + `comienzo. En el mensaje ${first + i} se esperaba '${expected}' y llegó '${role}'.`);
    }
  });
  return [first ? messages[0].content : null, turns];
}

function reject(messages, marks) {
  messages.forEach(({ role, content }, i) => {
    const mark = marks.find((mark) => content.includes(mark));
    if (mark) {
      throw new Error(`El mensaje ${i} (${role}) trae «${mark}», una marca de la plantilla: el modelo la leería `
        + "como el comienzo o el fin de un turno que nadie escribió. Quítala del texto.");
    }
  });
}

// ---- la comparación

// El texto con un error de la lista, o null si en él no puede cometerse.
export function withMistake(exact, { find, write, last }, system) {
  if (find.includes("{system}") && !system) return null;
  const [old, fresh] = [find, write].map((text) => text.replaceAll("{system}", () => system));
  const at = last ? exact.lastIndexOf(old) : exact.indexOf(old);
  return at < 0 ? null : exact.slice(0, at) + fresh + exact.slice(at + old.length);
}

// Los textos se comparan por unidades: cada marca, cada palabra y cada uno de los demás caracteres.
export const units = (text, marks, others = "[\\p{L}\\p{M}\\p{N}]+|.") => text.match(new RegExp(
  [...marks].sort((a, b) => b.length - a.length).map((mark) => mark.replace(/[|[\]\\/]/g, "\\$&"))
    .concat(others).join("|"), "gsu")) ?? [];
const SYNC = 4; // con tantas unidades iguales seguidas, los dos textos vuelven a coincidir
const FAR = 240; // más allá no se busca: lo distinto es todo lo que sigue

// Compara con el texto exacto. `before`: lo que tienen igual; `missing` y `surplus`: lo que falta y sobra en la
// primera diferencia; `sentence` la dice.
export function compareTexts(exact, attempt, marks) {
  if (exact === attempt) {
    return { same: true, sentence: "Igual, carácter por carácter: es el texto que el modelo espera." };
  }
  const [right, own] = [units(exact, marks), units(attempt, marks)];
  let at = 0;
  while (at < right.length && right[at] === own[at]) at++;
  const [lost, extra] = rejoin(right, own, at);
  if (!lost || !extra) at = firstPlace(lost ? right : own, at, lost + extra, marks);
  const text = (list, from, to) => list.slice(from, to).join("");
  const [before, missing] = [text(right, 0, at), text(right, at, at + lost)];
  const found = { before, missing, surplus: text(own, at, at + extra), after: text(right, at + lost) };
  const only = found.after === text(own, at + extra);
  return { same: false, ...found, sentence: `${difference(found, marks)} `
    + (only ? "Es la única diferencia." : "Después hay otras diferencias.") };
}

// Las menos unidades que hay que saltar en cada texto para que vuelvan a coincidir.
function rejoin(right, own, at) {
  const rest = [right.length - at, own.length - at];
  const window = (list, from) => JSON.stringify(list.slice(from, from + SYNC));
  for (let skipped = 1; skipped <= Math.min(FAR, rest[0] + rest[1]); skipped++) {
    for (let lost = Math.max(0, skipped - rest[1]); lost <= Math.min(skipped, rest[0]); lost++) {
      const extra = skipped - lost;
      if (window(right, at + lost) === window(own, at + extra)) return [lost, extra];
    }
  }
  return rest;
}

// Lo que falta o sobra junto a algo igual puede ponerse en varios lugares: el primero que empieza en una
// marca o, si no, el primero.
function firstPlace(list, at, length, marks) {
  const places = [at];
  while (at && list[at - 1] === list[at + length - 1]) places.unshift(--at);
  return places.find((place) => marks.includes(list[place])) ?? at;
}

function difference({ before, missing, surplus, after }, marks) {
  if (missing && surplus) {
    return `En el carácter ${[...before].length + 1} se esperaba ${named(missing, marks)} y hay `
      + `${named(surplus, marks)}.`;
  }
  const several = /^( {2,}|\n{2,})$/.test(missing || surplus) ? "n" : "";
  return `${missing ? "Falta" : "Sobra"}${several} ${named(missing || surplus, marks)} `
    + `${place(before, after, marks)}.`;
}

export const visible = (text) => text.replaceAll("\n", "↵").replaceAll("\t", "⇥")
  .replace(/^ +| +$/g, (spaces) => "␣".repeat(spaces.length));

function named(text, marks) {
  if (/^ +$/.test(text)) return text.length > 1 ? `${text.length} espacios` : "un espacio";
  if (/^\n+$/.test(text)) return text.length > 1 ? `${text.length} saltos de línea` : "un salto de línea";
  if (marks.includes(text)) return text;
  const letters = [...text];
  const part = (from, to) => letters.slice(from, to).join("").replace(/^ +| +$/g, "");
  return `«${visible(letters.length > 60 ? `${part(0, 36)} […] ${part(-16)}` : text)}»`;
}

// Dónde está, según lo que tenga al lado.
function place(before, after, marks) {
  if (!before) return "al comienzo";
  const previous = marks.find((mark) => before.endsWith(mark));
  if (previous) return `después de ${previous}`;
  if (!after) return "al final";
  const next = marks.find((mark) => after.startsWith(mark));
  if (next) return `antes de ${next}`;
  const last = units(before, marks).slice(-4).join("");
  return `después de «${visible(last.replace(/^[^]*\n(?!$)/, ""))}»`; // de su renglón
}
