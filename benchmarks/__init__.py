"""Mediciones emparejadas: cada cifra es una razón entre dos cosas medidas por turnos, en una corrida."""
