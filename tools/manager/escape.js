// Ocupa el lugar de sanitize-html, que pesa tanto como todos los controles: los rótulos de este sitio son texto, y
// las marcas de uno que no lo fuera se leen como texto.
const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

export default (text) => String(text).replace(/[&<>"]/g, (one) => ENTITIES[one]);
