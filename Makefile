# Órdenes del curso. `make` sin argumentos las lista; la integración continua solo llama a estas.
PYTHON ?= python3
PORT ?= 8000
PYTEST_ARGS ?=
export CHROMIUM ?=
# el modelo que el sitio ofrece correr en el navegador (make book MODELO=gemma-270m); sin él, ninguno
export MODELO ?=

VENV := .venv
PY := $(VENV)/bin/python
PYTEST = $(PY) -m pytest --durations=10 $(PYTEST_ARGS)
# un proceso por núcleo; un cuaderno va entero en uno, porque sus celdas se ejecutan en orden
PARALLEL := -n auto --dist load
WHOLE := -n auto --dist loadfile
ENV := $(VENV)/instalado
FRONTEND := book/_static/lib/instalado
SITE := _build/html/index.html
MODELS := gemma-270m smollm2-135m-instruct efficientnet-lite0

export HF_HUB_DISABLE_TELEMETRY := 1
export TOKENIZERS_PARALLELISM := false
# los cuadernos y las pruebas no tocan el progreso de quien los corre
export COURSE_LIB_PROGRESS := off

.DEFAULT_GOAL := help
.PHONY: help env lock frontend book serve lab models chromium check format test test-full test-random \
	notebooks records bench clean

help: ## Muestra esta lista
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 12

env: $(ENV) ## Crea .venv con todo lo necesario
$(ENV): requirements.txt constraints.txt pyproject.toml tools/env.py
	$(PYTHON) tools/env.py

lock: ## Instala requirements.txt y escribe en constraints.txt las versiones de todo
	$(PYTHON) tools/env.py --unlocked
	$(PY) -m tools.lock

frontend: $(FRONTEND) ## Instala las bibliotecas del sitio (no repite si ya están)
$(FRONTEND): package.json package-lock.json tools/frontend.py tools/icons.py $(wildcard tools/manager/*) $(ENV)
	$(PY) -m tools.frontend

book: $(FRONTEND) ## Construye el sitio en _build/html (un aviso es un error); con MODELO=…, lleva un modelo
	@test -z "$(MODELO)" || $(PY) -m tools.inpage "$(MODELO)"
	$(VENV)/bin/jupyter-book build . --all -W -n --keep-going
	@echo "El sitio está en $(CURDIR)/$(SITE)"

serve: book ## Construye el sitio y lo sirve en http://localhost:8000
	@echo "Abre http://localhost:$(PORT) (Ctrl+C para terminar)"
	@$(PY) -m http.server $(PORT) --bind 127.0.0.1 --directory _build/html

lab: $(ENV) ## Abre los cuadernos en JupyterLab
	$(VENV)/bin/jupyter lab --notebook-dir=. book

models: $(ENV) ## Descarga los modelos pequeños (370 MB, una sola vez)
	@for model in $(MODELS); do $(PY) -m course_lib fetch $$model || exit 1; done

chromium: $(ENV) ## Busca un Chromium para las pruebas del sitio o lo instala
	@$(PY) -m tools.chromium

check: $(ENV) ## Revisa formato, estilo y tipos
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(PY) -m mypy

format: $(ENV) ## Corrige formato y estilo
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

test: MARKERS := not slow
test: run-tests ## Ejecuta las pruebas que exige la integración continua

test-full: MARKERS := slow or not slow
test-full: run-tests ## Agrega las pruebas lentas

test-random: $(ENV) models ## Ejecuta las pruebas de Python en un orden al azar
	HF_HUB_OFFLINE=1 $(PYTEST) -p randomly -m "not slow and not site" tests

# Tres corridas, porque el navegador y los cuadernos no comparten proceso; falla si falla alguna. Hay un proceso por
# núcleo, así que cada uno calcula con un solo hilo: con más se estorban.
.PHONY: run-tests
run-tests: $(ENV) models chromium check book
	@export HF_HUB_OFFLINE=1 OMP_NUM_THREADS=1 CHROMIUM="$$($(PY) -m tools.chromium)"; \
	notebooks="$$($(PY) -m tools.toc)"; failed=0; \
	$(PYTEST) $(PARALLEL) -m "($(MARKERS)) and not site" --doctest-modules tests course_lib || failed=1; \
	test -z "$$notebooks" || $(PYTEST) $(WHOLE) --nbval --nbval-current-env $$notebooks || failed=1; \
	$(PYTEST) $(WHOLE) -m "($(MARKERS)) and site" tests/site || failed=1; \
	exit $$failed

notebooks: $(ENV) ## Ejecuta los cuadernos y guarda sus salidas
	$(PY) -m tools.notebooks $(ARGS)

records: $(ENV) models ## Recalcula al menos una fila de cada tabla grabada
	$(PY) -m tools.records --check $(ARGS)

bench: $(ENV) ## Mide la velocidad
	$(PY) -m benchmarks $(ARGS)

clean: ## Borra lo construido; conserva .venv y los modelos
	rm -rf _build node_modules book/_static/lib .pytest_cache .ruff_cache .mypy_cache .hypothesis .jupyter_cache
