// El intervalo de una proporción. Lo prueba node contra course_lib.metrics.wilson_interval.

const Z = 1.959963984540054; // cuantil normal de un intervalo del 95 %

// El intervalo de Wilson de `right` aciertos en `n` casos.
export function wilson(right, n) {
  const p = right / n;
  const center = p + (Z * Z) / (2 * n);
  const margin = Z * Math.sqrt((p * (1 - p)) / n + (Z * Z) / (4 * n * n));
  const scale = 1 + (Z * Z) / n;
  return [right === 0 ? 0 : (center - margin) / scale, right === n ? 1 : (center + margin) / scale];
}
