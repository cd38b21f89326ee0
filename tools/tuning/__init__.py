"""Lo que entrena y mide el capítulo 6: qué corridas, con qué ejemplos y cómo se juzgan."""
