"""Los experimentos que entrenan o cronometran modelos pequeños para el libro."""
