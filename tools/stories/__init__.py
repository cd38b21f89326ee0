"""Lo que se graba del modelo de los cuentos: su curva, lo que escribe, cuánto predice y el archivo de la página."""
