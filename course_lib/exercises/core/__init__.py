"""El núcleo de los ejercicios: corregir una función, explicar el fallo y recordar el progreso."""
