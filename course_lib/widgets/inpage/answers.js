// Lo que se le puede pedir al modelo de la página, por clase de laboratorio. Cada función da {done, total, entry} a
// medida que calcula, como la de Python que reemplaza.
export const ANSWERS = { temperature: temperatureAnswer, prompting: promptingAnswer, beam: beamAnswer };
