# Partner Support Assistant. `make` alone prints what there is.
SHELL := /bin/bash
.DEFAULT_GOAL := help
export PORT ACTIONS_PORT
export RASA_TELEMETRY_ENABLED := false
export SQLALCHEMY_SILENCE_UBER_WARNING := 1
export TF_CPP_MIN_LOG_LEVEL := 3
export PYTHONWARNINGS := ignore
export ACTIONS_URL ?= http://127.0.0.1:5055/webhook

VENV := .venv
RUN := $(VENV)/bin/python
AUDIT := $(VENV)/audit
DEPLOY := $(VENV)/deploy
PIP := $(RUN) -m pip install --quiet --disable-pip-version-check --no-input --no-deps --require-hashes --ignore-requires-python --use-pep517
INSTALL_LOG := var/log/install.log

.PHONY: help serve chat widget teams-app train validate privacy evaluate bench bench-nlu bench-kills bench-scale test fuzz audit lint lock clean

help: ## Print this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'
	@echo "  PORT=5005 ACTIONS_PORT=5055 choose other ports; PART=final evaluates what was never chosen on"

serve: $(VENV)/.complete $(VENV)/.node ## Install, train and start the assistant on this machine
	@$(RUN) -m assistant.commands.widget --optional
	@exec $(RUN) -m assistant.commands.serve

chat: $(VENV)/.complete ## Talk to the running assistant in the terminal
	@exec $(RUN) -m assistant.commands.chat

widget: $(VENV)/.complete $(VENV)/.node ## Build the website widget, if its sources have changed
	@$(RUN) -m assistant.commands.widget

teams-app: $(VENV)/.complete ## Write the app package for Teams (docs/teams.md)
	@$(RUN) -m assistant.commands.teams_app

train: $(VENV)/.complete ## Train the model, if its inputs have changed
	@$(RUN) -m assistant.commands.train

validate: $(VENV)/.complete ## Check content and training data
	@$(RUN) -m assistant.commands.validate

privacy: $(VENV)/.complete ## Show or delete what is stored of a partner: ARGS="export web:..." (docs/privacy.md)
	@$(RUN) -m assistant.tensorflow_free assistant.commands.privacy $(ARGS)

evaluate: $(VENV)/.complete ## Measure the understanding on held-out utterances, or on DATA=file.jsonl into OUT=folder
	@$(RUN) -m assistant.tensorflow_free assistant.commands.evaluate $(if $(DATA),--data "$(DATA)") $(if $(PART),--part "$(PART)") $(if $(OUT),--out "$(OUT)") $(ARGS)

bench: $(VENV)/.complete-dev ## Measure speed, memory and training beside Rasa's default pipeline
	@$(RUN) -m bench

bench-nlu: $(VENV)/.complete-dev ## Measure the understanding beside other intent recognisers, which it installs
	@$(RUN) -m bench.nlu

bench-scale: $(VENV)/.complete-dev ## Measure turns per second on one core beside stock Rasa, and with many conversations
	@$(RUN) -m bench.scale

bench-kills: $(VENV)/.complete-dev ## Kill the server at 200 random moments, and count what is lost or doubled
	@$(RUN) -m bench.kills $(ARGS)

test: $(VENV)/.complete-dev $(VENV)/.deploy lint validate widget train ## Run all tests, two files at a time
	@$(RUN) -m pytest --numprocesses 2 --dist loadfile $(ARGS)

fuzz: $(VENV)/.complete-dev widget ## Throw INPUTS=100000 at each entry point, and print a table
	@$(RUN) -m assistant.tensorflow_free tests.security.fuzz $(or $(INPUTS),100000) $(ARGS)

audit: $(VENV)/.audit ## Look for known advisories of the packages
	@if [ -x $(AUDIT)/bin/pip-audit ]; then $(RUN) -m assistant.commands.audit $(AUDIT)/bin/pip-audit; \
	else echo "dependencies: not checked, pip-audit could not be installed, see $(INSTALL_LOG)"; fi

lint: $(VENV)/.complete-dev ## Check the Python code
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .

lock: $(VENV)/.complete-dev ## Write the hashes of requirements*.in
	@for list in requirements requirements-dev requirements-node requirements-audit requirements-deploy; do \
	  $(VENV)/bin/uv pip compile --quiet --no-deps --generate-hashes --no-annotate --no-header --universal \
	    --python-version 3.11 $$list.in --output-file $$list.txt; done

clean: ## Remove environment, models, logs and conversations
	rm -rf $(VENV) models var reports .rasa .pytest_cache .ruff_cache

# The environment counts as complete only when the last step has run, so that an interrupted
# installation is done again.
$(VENV)/.complete: requirements.txt
	@mkdir -p $(dir $(INSTALL_LOG)); \
	for python in "$(PYTHON)" python3.11 python3.10 python3 "env PYENV_VERSION=3.11 python3.11" "env PYENV_VERSION=3.10 python3.10"; do \
	  [ -n "$$python" ] || continue; \
	  if $$python -c 'import sys, venv, ensurepip; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 11))' 2>/dev/null; then found="$$python"; break; fi; \
	done; \
	if [ -z "$$found" ]; then echo "Python 3.11 (or 3.10) with its venv module is needed. Install it (Debian: apt-get install python3-venv), or name it: make serve PYTHON=/path/to/python3.11" >&2; exit 1; fi; \
	echo "Installing into $(VENV) with $$($$found --version), a few minutes ..."; \
	if ! { $$found -m venv --clear $(VENV) && $(PIP) -r requirements.txt; } > $(INSTALL_LOG) 2>&1; then \
	  tail -n 5 $(INSTALL_LOG) >&2; echo "The installation failed, see $(INSTALL_LOG). Check the network and run the command again." >&2; exit 1; fi
	@touch $@

# Node.js of the machine, or one from the package index.
$(VENV)/.node: $(VENV)/.complete requirements-node.txt
	@{ command -v node && command -v npm; } > /dev/null || $(PIP) -r requirements-node.txt > $(INSTALL_LOG) 2>&1 || echo "Node.js could not be installed, see $(INSTALL_LOG)." >&2
	@touch $@

$(VENV)/.complete-dev: $(VENV)/.complete requirements-dev.txt
	@if ! $(PIP) -r requirements-dev.txt > $(INSTALL_LOG) 2>&1; then \
	  tail -n 5 $(INSTALL_LOG) >&2; echo "The installation failed, see $(INSTALL_LOG). Check the network and run the command again." >&2; exit 1; fi
	@touch $@

$(VENV)/.audit: $(VENV)/.complete requirements-audit.txt
	@$(RUN) -m venv --clear $(AUDIT) && $(subst $(RUN),$(AUDIT)/bin/python,$(PIP)) -r requirements-audit.txt > $(INSTALL_LOG) 2>&1 && touch $@ || true

# Without these the tests of deploy/ are left out.
$(VENV)/.deploy: $(VENV)/.complete requirements-deploy.txt
	@$(RUN) -m venv --clear $(DEPLOY) && $(subst $(RUN),$(DEPLOY)/bin/python,$(PIP)) -r requirements-deploy.txt > $(INSTALL_LOG) 2>&1 && touch $@ || true
