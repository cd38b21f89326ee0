"""El modelo que ve: las corridas con que se entrena su proyector y cómo se mide."""
