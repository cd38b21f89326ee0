"""Respuestas escritas sin mirar los correctores: equivocadas y correctas, para medirlos."""
