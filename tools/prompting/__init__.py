"""Lo que se compara y cómo se mide en el capítulo de prompting; lo graba `evaluate_prompting`."""
