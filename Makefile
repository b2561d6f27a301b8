# The ways to build, try and test Pleura; `make` lists them. `setup` lays what a target needs and does nothing when it is there.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# The engines' headers by their .pc files, their libraries by a path relative to the program: no environment, no unsafeFlags.
# The dollar reaches the linker: make halves it, and the quotes keep it from the shell.
ENGINES := --pkg-config-path .engines/pkgconfig -Xlinker -rpath -Xlinker '$$ORIGIN/../../../.engines/lib'
RELEASE := -c release $(ENGINES)
PLEURA := .build/release/pleura
PYTHON := .engines/oracles-venv/bin/python
# TensorFlow and TensorBoard, for what is measured and compared with them; never for running Pleura.
TENSORFLOW := .build/tensorflow
TENSORBOARD := .build/tensorboard
# torchvision with the PyTorch that it needs, for what our networks are compared with.
TORCHVISION := .build/torchvision
# openvino-xai with the OpenVINO that it needs, whose maps lie beside ours.
OPENVINO_XAI := .build/openvino-xai
# pycocotools and faster-coco-eval, for what is measured beside them.
COCO_PEERS := .build/coco-peers
# Ultralytics, torchvision, OpenCV and OpenVINO's benchmark, for what is measured beside them.
DETECTION_PEERS := .build/detection-peers
# Playwright, which drives Chromium through the reading room.
PLAYWRIGHT := .build/playwright
# selenium and a geckodriver, which drive Firefox through the same.
SELENIUM := .build/selenium
# What tries every route of the reading room with all that it may be sent.
SCHEMATHESIS := .build/schemathesis
# Peers and readers of the clinic: pynetdicom, highdicom, dciodvfy, dicomweb-client, python-hl7, hl7apy, fhir.resources.
CLINIC_PEERS := .build/clinic-peers
# Ours on the peer's PyTorch, so that `make train` finds its own build as it was.
BENCH_TRAIN := .build/bench-train

# For `make score`.
MODEL ?= Models/nih8-fast
FOLD ?= 0
SCORE_OUT ?= .build/score
# For `make bench-records`, `make bench-eval` and `make bench-train`; more options of the last in BENCH_OPTIONS (Benchmarks/training.py).
ROUNDS ?= 5
BENCH_OPTIONS ?=
# For `make bench-peers`, whose rounds take minutes; more options of it in BENCH_OPTIONS (Benchmarks/peers.py).
PEER_ROUNDS ?= 3
KERNEL_OPTIONS ?=
# For `make fuzz`.
FUZZ ?= 100000

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: build
build: ## the program of a site, `pleura`
	@./setup site
	swift build --product pleura $(RELEASE)

.PHONY: demo
demo: build ## the bundled model on sample radiographs and three phantoms; ends with where the page is
	@rm -rf demo
	@$(PLEURA) phantom --count 3 --out demo/phantoms
	@$(PLEURA) detect .engines/samples/*.dcm $$(find demo/phantoms -name '*.png' | sort) --model Models/nih8-fast --out demo
	@test -s demo/index.html
	@echo
	@echo "The page with every picture: $(CURDIR)/demo/index.html"

.PHONY: test
test: ## everything: both programs, the oracles, and every test
	@./setup test
	@$(MAKE) oracles
	swift build $(RELEASE)
	swift test --disable-testable-imports $(RELEASE) --skip 'LearningTests|$(NETWORKED)'
	@# Their time-outs would be those of whoever has the processors.
	swift test --disable-testable-imports $(RELEASE) --skip-build --filter '$(NETWORKED)'
	@# Trainings of a minute and more, one after another: LibTorch's threads wait for each other where others want the processors.
	swift test --disable-testable-imports $(RELEASE) --skip-build --filter LearningTests

# Tests of servers and clients that wait for each other.
NETWORKED := ^(PeersTests|AuditMessagesTests|DICOMNetworkTests|ClinicTests)\.

# The engines' own limits on what they may use of the processor (oneDNN's and ATen's documentation).
AVX2 := ONEDNN_MAX_CPU_ISA=AVX2 ATEN_CPU_CAPABILITY=avx2
EMULATED := qemu-x86_64 -cpu Haswell
XCTEST := .build/release/PleuraPackageTests.xctest

.PHONY: test-avx2
test-avx2: ## what computes, as on a processor with AVX2 and no more: by the engines' limits, and under qemu-x86_64 where it is there
	@./setup test
	@$(MAKE) oracles
	$(AVX2) swift test --disable-testable-imports $(RELEASE) \
	    --filter 'InferenceTests|QuantisationTests|DetectionTests|NetworksTests|TensorsTests|EvaluationTests|ModelGraphTests|DetectTests|DemoTests|QuantizeCommandTests|TrainingExamplesTests|TrainingTests' \
	    --skip LearningTests
	$(AVX2) swift test --disable-testable-imports $(RELEASE) --skip-build --filter LearningTests
	@if command -v qemu-x86_64 >/dev/null; then \
	    $(EMULATED) $(XCTEST) --testing-library swift-testing --filter 'RadiographsTests|FindingsTests|InferenceTests|DetectionTests'; \
	    $(EMULATED) $(PLEURA) detect .engines/samples/RG1_UNCI.dcm --model Models/nih8-fast --no-cache; \
	else \
	    echo "make test-avx2: SKIPPED: qemu-x86_64 is missing: apt-get install qemu-user" >&2; \
	fi

.PHONY: year
year: ## a year of a simulated site on drawn chests: drift and its alarms, a candidate from reviews, the gate; into .build/year
	@./setup test
	@$(MAKE) build train
	$(PYTHON) -B Benchmarks/year/year.py --run .build/year $(BENCH_OPTIONS)

.PHONY: oracles
oracles: ## what Python's libraries say the answers are, into .oracles/ (only what changed)
	@./setup test
	@$(PYTHON) -B Tests/Oracles/score_coco.py --self-test
	@$(PYTHON) -B Tests/Oracles/run.py .oracles

.PHONY: fuzz
fuzz: ## the mutation tests in earnest: 100,000 damaged files of a kind (FUZZ=N for another number)
	@./setup test
	@$(MAKE) oracles
	PLEURA_FUZZ=$(FUZZ) swift test --disable-testable-imports $(RELEASE) --filter 'Fuzz|DamagedAnnotation|damagedMaps|damagedResults'

.PHONY: test-gate
test-gate: ## the gate of the learning loop in 1,000 simulated worlds of each kind (WORLDS=N for another number)
	@./setup test
	PLEURA_WORLDS=$(or $(WORLDS),1000) swift test --disable-testable-imports $(RELEASE) --filter ChangeGateTests

.PHONY: test-interop
test-interop: ## TensorFlow, TensorBoard, torchvision and Chromium beside ours (fetches the first three; skipped where one is missing)
	@./setup test
	@if $(MAKE) $(TENSORFLOW)/.laid; then \
	    PLEURA_TENSORFLOW=$(CURDIR)/$(TENSORFLOW)/bin/python swift test --disable-testable-imports $(RELEASE) --filter TensorFlowInteropTests; \
	else \
	    echo "make test-interop: SKIPPED: TensorFlow cannot be fetched here" >&2; \
	fi
	@if $(MAKE) $(TORCHVISION)/.laid; then \
	    swift build --product pleura $(RELEASE); \
	    $(PLEURA) model fetch --all >/dev/null || echo "make test-interop: SKIPPED: known weights that cannot be fetched here" >&2; \
	    PLEURA_TORCHVISION=$(CURDIR)/$(TORCHVISION)/bin/python swift test --disable-testable-imports $(RELEASE) --filter TorchvisionInteropTests; \
	else \
	    echo "make test-interop: SKIPPED: torchvision cannot be fetched here" >&2; \
	fi
	@if $(MAKE) $(TENSORBOARD)/.laid; then \
	    PLEURA_TENSORBOARD=$(CURDIR)/$(TENSORBOARD)/bin/python swift test --disable-testable-imports $(RELEASE) --filter TensorBoardInteropTests; \
	else \
	    echo "make test-interop: SKIPPED: TensorBoard cannot be fetched here" >&2; \
	fi
	@if $(MAKE) $(OPENVINO_XAI)/.laid; then \
	    swift build --product pleura $(RELEASE); \
	    $(OPENVINO_XAI)/bin/python -B Tests/Interop/explanations.py $(PLEURA) Models/nih8-fast; \
	else \
	    echo "make test-interop: SKIPPED: openvino-xai cannot be fetched here" >&2; \
	fi
	@if $(MAKE) $(CLINIC_PEERS)/.laid; then \
	    for product in pleura pleura-serve dicom-peer; do swift build --product $$product $(RELEASE); done; \
	    swift test --disable-testable-imports $(RELEASE) --filter ObjectFolderTests; \
	    $(CLINIC_PEERS)/bin/python -B Tests/Interop/clinic_run.py .build/release; \
	else \
	    echo "make test-interop: SKIPPED: pynetdicom, highdicom and the clinic's other peers cannot be fetched here" >&2; \
	fi
	@if firefox=$$(command -v firefox-esr || command -v firefox); then \
	    if $(MAKE) $(SELENIUM)/.laid; then \
	        swift build --product pleura $(RELEASE) && swift build --product pleura-serve $(RELEASE); \
	        $(SELENIUM)/bin/python -B Tests/Interop/workstation_firefox.py $$firefox; \
	    else \
	        echo "make test-interop: SKIPPED: selenium cannot be fetched here" >&2; \
	    fi; \
	else \
	    echo "make test-interop: SKIPPED: there is no Firefox" >&2; \
	fi
	@if chromium=$$(command -v chromium || command -v chromium-browser || command -v google-chrome); then \
	    PLEURA_CHROMIUM=$$chromium swift test --disable-testable-imports $(RELEASE) --filter ChromiumInteropTests; \
	    if $(MAKE) $(PLAYWRIGHT)/.laid; then \
	        swift build --product pleura $(RELEASE) && swift build --product pleura-serve $(RELEASE); \
	        $(PLAYWRIGHT)/bin/python -B Tests/Interop/workstation_run.py $$chromium; \
	    else \
	        echo "make test-interop: SKIPPED: Playwright cannot be fetched here" >&2; \
	    fi; \
	else \
	    echo "make test-interop: SKIPPED: there is no Chromium to draw pages with" >&2; \
	fi

# A package of its own: nobody who builds Pleura fetches what only benchmarks need.
# Valgrind cannot read the debug information of this compiler.
KERNELS := --package-path Benchmarks/Kernels --scratch-path .build/kernels --pkg-config-path .engines/pkgconfig -Xlinker --strip-debug

.PHONY: bench
bench: bench-code ## what does not wobble: instructions and allocations of the loops over pixels and boxes, against what the repository allows

.PHONY: bench-code
bench-code: ## the same; after a change that is meant to cost more: make bench-code KERNEL_OPTIONS=--update (needs valgrind)
	@command -v valgrind >/dev/null || { echo "make bench-code: valgrind is missing, which only this needs: apt-get install valgrind" >&2; exit 3; }
	@./setup site
	swift build -c release $(KERNELS) --product kernel-run
	@python3 -B Benchmarks/kernels.py .build/kernels/release/kernel-run $(KERNEL_OPTIONS)

.PHONY: bench-times
bench-times: ## the same loops by the clock, for people
	@./setup site
	swift package $(KERNELS) --allow-writing-to-package-directory benchmark

.PHONY: bench-records
bench-records: $(TENSORFLOW)/.laid ## records written and read beside TensorFlow in the same run: ratios, and peak memory
	@./setup site
	swift build --product bench-records $(RELEASE)
	@$(TENSORFLOW)/bin/python -B Benchmarks/records.py .build/release/bench-records --rounds $(ROUNDS)

.PHONY: bench-eval
bench-eval: $(COCO_PEERS)/.laid ## COCO's figures beside pycocotools and faster-coco-eval in the same run: ratios; and the bootstrap
	@./setup site
	swift build --product bench-evaluation $(RELEASE)
	@$(COCO_PEERS)/bin/python -B Benchmarks/evaluation.py .build/release/bench-evaluation --rounds $(ROUNDS)

.PHONY: bench-peers
bench-peers: $(DETECTION_PEERS)/.laid build ## detection beside Ultralytics, torchvision and OpenCV in the same run, into Documentation/Speed.md: make bench-peers [DATASET=DIR]
	swift build --product bench-detection $(RELEASE)
	@# 1 says that a peer was faster: a measurement all the same.
	@status=0; $(DETECTION_PEERS)/bin/python -B Benchmarks/peers.py $(PLEURA) .build/release/bench-detection --scratch .build/bench-peers \
	    --rounds $(PEER_ROUNDS) $(if $(DATASET),--dataset "$(DATASET)") $(BENCH_OPTIONS) || status=$$?; \
	test $$status -gt 1 || python3 -B Benchmarks/figures.py table; exit $$status

.PHONY: bench-serve
bench-serve: serve-build ## the reading room: from a file to its reading, lists of 100,000 studies, requests beside bare Hummingbird and nginx (needs wrk and nginx)
	@./setup test
	swift build --product bench-archive $(RELEASE)
	swift build --product bench-http $(RELEASE)
	swift build --product bench-detection $(RELEASE)
	@$(PYTHON) -B Benchmarks/serve.py $(BENCH_OPTIONS)

.PHONY: test-faults
test-faults: ## the reading room against kills, full disks, slow and lying clients, in earnest; schemathesis for ten minutes where it can be fetched
	@./setup test
	PLEURA_FAULTS=1 swift test --disable-testable-imports $(RELEASE) --filter WorkstationTests.FaultTests
	@if $(MAKE) $(SCHEMATHESIS)/.laid; then \
	    $(SCHEMATHESIS)/bin/python -B Tests/Interop/schemathesis_run.py $(SCHEMATHESIS)/bin/schemathesis 600; \
	else \
	    echo "make test-faults: SKIPPED: schemathesis cannot be fetched here" >&2; \
	fi

$(PLAYWRIGHT)/.laid: Tests/Interop/workstation.txt
	@python3 -m venv --clear $(PLAYWRIGHT)
	@$(PLAYWRIGHT)/bin/python -m pip install --quiet --disable-pip-version-check --only-binary=:all: --requirement $<
	@touch $@

$(CLINIC_PEERS)/.laid: Tests/Interop/clinic.txt
	@python3 -m venv --clear $(CLINIC_PEERS)
	@$(CLINIC_PEERS)/bin/python -m pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

$(SELENIUM)/.laid: Tests/Interop/selenium.txt
	@python3 -m venv --clear $(SELENIUM)
	@$(SELENIUM)/bin/python -m pip install --quiet --disable-pip-version-check --only-binary=:all: selenium==4.51.0
	@$(SELENIUM)/bin/python -m pip install --quiet --disable-pip-version-check --only-binary=:all: --no-deps --requirement $<
	@touch $@

$(SCHEMATHESIS)/.laid: Tests/Interop/schemathesis.txt
	@python3 -m venv --clear $(SCHEMATHESIS)
	@$(SCHEMATHESIS)/bin/python -m pip install --quiet --disable-pip-version-check --only-binary=:all: --requirement $<
	@touch $@

.PHONY: bench-train
bench-train: $(BENCH_TRAIN)/pkgconfig/libtorch.pc build ## training beside PyTorch in the same run, both on the same PyTorch: ratios, Swift's overhead
	swift build --product bench-train -c release --scratch-path $(BENCH_TRAIN) --pkg-config-path $(BENCH_TRAIN)/pkgconfig \
	    --pkg-config-path .engines/pkgconfig -Xlinker -rpath -Xlinker '$$ORIGIN/../../torch/lib'
	@$(TORCHVISION)/bin/python -B Benchmarks/training.py $(BENCH_TRAIN)/release/bench-train $(PLEURA) --rounds $(ROUNDS) $(BENCH_OPTIONS)

.PHONY: bench-train-memory
bench-train-memory: build ## does the memory of a training grow over 1,000 steps?
	@./setup train
	swift build --product bench-train $(RELEASE)
	@python3 -B Benchmarks/training.py .build/release/bench-train $(PLEURA) --memory $(BENCH_OPTIONS)

# The peer's PyTorch as an engine, for a build of ours in a folder of its own.
$(BENCH_TRAIN)/pkgconfig/libtorch.pc: $(TORCHVISION)/.laid
	@mkdir -p $(@D)
	@ln -sfn $$(cd $(TORCHVISION)/lib/python3*/site-packages/torch && pwd -P) $(BENCH_TRAIN)/torch
	@printf '%s\n' 'prefix=$${pcfiledir}/../torch' 'Name: libtorch' 'Description: LibTorch of the PyTorch that pip laid' 'Version: 0' \
	    'Cflags: -I$${prefix}/include -I$${prefix}/include/torch/csrc/api/include' 'Libs: -L$${prefix}/lib -ltorch_cpu -lc10' > $@

$(COCO_PEERS)/.laid: Benchmarks/evaluation.txt
	@python3 -m venv --clear $(COCO_PEERS)
	@$(COCO_PEERS)/bin/python -m pip install --quiet --disable-pip-version-check --only-binary=:all: --requirement $<
	@touch $@

# Ultralytics asks for the OpenCV that draws windows, which wants libraries of a desktop; the other one takes its place.
$(DETECTION_PEERS)/.laid: Benchmarks/peers.txt
	@python3 -m venv --clear $(DETECTION_PEERS)
	@$(DETECTION_PEERS)/bin/python -m pip install --quiet --disable-pip-version-check --only-binary=:all: --requirement $<
	@$(DETECTION_PEERS)/bin/python -m pip install --quiet --disable-pip-version-check --only-binary=:all: --no-deps --force-reinstall \
	    $$(sed -n 's/^opencv-python==/opencv-python-headless==/p' $<)
	@touch $@

$(TENSORBOARD)/.laid: Tests/Interop/tensorboard.txt
	@python3 -m venv --clear $(TENSORBOARD)
	@$(TENSORBOARD)/bin/python -m pip install --quiet --disable-pip-version-check --only-binary=:all: --requirement $<
	@touch $@

$(TENSORFLOW)/.laid: Tests/Oracles/golden.txt
	@python3 -m venv --clear $(TENSORFLOW)
	@$(TENSORFLOW)/bin/python -m pip install --quiet --disable-pip-version-check --only-binary=:all: --requirement $<
	@touch $@

$(OPENVINO_XAI)/.laid: Tests/Interop/explanations.txt
	@python3 -m venv --clear $(OPENVINO_XAI)
	@$(OPENVINO_XAI)/bin/python -m pip install --quiet --disable-pip-version-check --only-binary=:all: --requirement $<
	@touch $@

# As large as the torch that pip finds: 0.2 GB where it has the one without CUDA, else 3 GB.
$(TORCHVISION)/.laid: Tests/Interop/torchvision.txt
	@python3 -m venv --clear $(TORCHVISION)
	@$(TORCHVISION)/bin/python -m pip install --quiet --disable-pip-version-check --only-binary=:all: --requirement $<
	@$(TORCHVISION)/bin/python -B -c 'import sys; sys.path.insert(0, "Tests/Oracles"); import torchvision_without_operators'
	@touch $@

.PHONY: train
train: ## the program of training, `pleura-train`, beside `pleura`, which finds it there
	@./setup train
	swift build --product pleura $(RELEASE)
	swift build --product pleura-train $(RELEASE)
	swift build --product pleura-trainer $(RELEASE)

# For `make serve`.
DATA ?= reading-room
LISTEN ?= 127.0.0.1:8080

.PHONY: serve-build
serve-build: build ## the program of the reading room, `pleura-serve`, beside `pleura`, which finds it there
	swift build --product pleura-serve $(RELEASE)

.PHONY: serve
serve: serve-build ## the reading room in the browser, with the demo's images: make serve [DATA=reading-room] [LISTEN=127.0.0.1:8080]
	@mkdir -p demo
	@test -d demo/phantoms || $(PLEURA) phantom --count 3 --out demo/phantoms
	$(PLEURA) serve --data "$(DATA)" --listen "$(LISTEN)" --add .engines/samples --add demo/phantoms

.PHONY: clinic
clinic: serve-build ## a hospital on this machine: Orthanc, an HL7 and a FHIR peer, Pleura between them; a study is sent, and what arrived is printed (needs orthanc)
	@./setup test
	@$(MAKE) $(CLINIC_PEERS)/.laid
	@$(CLINIC_PEERS)/bin/python -B Tests/Interop/clinic.py .build/release/pleura-serve .engines/samples/RG1_UNCI.dcm

.PHONY: bench-clinic
bench-clinic: serve-build ## objects stored a second beside storescp and Orthanc, from an image to its results, a burst of 1,000 studies (BENCH_OPTIONS=store|latency|burst)
	@./setup test
	@$(MAKE) $(CLINIC_PEERS)/.laid
	swift build --product bench-clinic $(RELEASE)
	@$(CLINIC_PEERS)/bin/python -B Benchmarks/clinic.py $(BENCH_OPTIONS)

.PHONY: clinic-day
clinic-day: serve-build ## 24 hours of a department in ten minutes, with peers that go away and a line that is mostly down: every result everywhere once
	@./setup test
	@$(MAKE) $(CLINIC_PEERS)/.laid
	@$(CLINIC_PEERS)/bin/python -B Benchmarks/clinic_day.py .build/release/pleura-serve $(BENCH_OPTIONS)

# Swift's own maker of manual pages, of the version that the programs are built with.
GENERATE_MANUAL := .build/generate-manual/release/generate-manual
$(GENERATE_MANUAL): Package.swift
	swift package resolve
	swift build -c release --product generate-manual --package-path .build/checkouts/swift-argument-parser --scratch-path .build/generate-manual
	@touch $@

.PHONY: package
package: serve-build $(GENERATE_MANUAL) ## a Debian package and an archive that runs from any folder, into .build/package (needs debhelper and patchelf)
	@Packaging/package

.PHONY: test-package
test-package: serve-build $(GENERATE_MANUAL) ## the package made twice, looked at by lintian, and used in bare roots of Debian 12 and Ubuntu 24.04 (needs root, debootstrap, lintian)
	@Packaging/test-package

# For `make cluster`.
STUDIES ?= 300
SECONDS_OF_SENDING ?= 150

.PHONY: cluster
cluster: serve-build ## two web programs, four workers and PostgreSQL in network namespaces, killed, paused and cut off (needs root, iproute2, postgresql): make cluster [STUDIES=300]
	@python3 -B Tests/Interop/cluster_run.py .build/release $(STUDIES) $(SECONDS_OF_SENDING)

# For `make test-slurm`.
FILMS ?= 2000
PARTS ?= 10

.PHONY: test-slurm
test-slurm: build ## examples/slurm under Debian's slurm-wlm on this machine: make test-slurm [FILMS=2000] [PARTS=10] (needs root, slurm-wlm, munge)
	@python3 -B Tests/Interop/slurm_run.py $(PLEURA) $(FILMS) $(PARTS)

.PHONY: page-files
page-files: ## the C that embeds the reading room's page, after a file came or went in Sources/CWorkstationPage/Assets
	@python3 -B Sources/CWorkstationPage/page_files.py

.PHONY: score
score: build ## mAP50 of a model by pycocotools: make score DATASET=DIR [MODEL=Models/nih8-fast] [FOLD=0]
	@test -n "$(DATASET)" || { echo "make score: say which dataset, DATASET=DIR" >&2; exit 2; }
	@./setup test
	@mkdir -p $(SCORE_OUT)
	$(PLEURA) detect "$(DATASET)/images" --model "$(MODEL)" --threshold 0.001 --coco $(SCORE_OUT)/results.json --dataset "$(DATASET)" > $(SCORE_OUT)/table.txt
	@$(PYTHON) -B Tests/Oracles/score_coco.py "$(DATASET)" $(SCORE_OUT)/results.json $(FOLD)

# For `make measure` and `make reproduce`.
PRESET ?= nih8-fast
NAME ?= nih8-fast
RUN ?= runs/$(NAME)
# Where the models are scored; the figures in Documentation/Models.md are of one without images that have labels only.
SCORED ?= $(DATASET)
# 0: as many as the engine likes.
THREADS ?= 0
BENCH_PRECISION ?= bf16

.PHONY: reproduce
reproduce: train ## a row of the table in Documentation/Models.md again: make reproduce DATASET=DIR PRESET=nih8-fast FOLD=0 (or 0,1 or all); an ensemble by its name; PRESET=luna-nodules on LUNA16 patches; DEVICE=cuda, SIDE=512, MINUTES=9 as Benchmarks/reproduce says
	@test -n "$(DATASET)" || { echo "make reproduce: say which dataset, DATASET=DIR" >&2; exit 2; }
	@Benchmarks/reproduce "$(PLEURA)" "$(DATASET)" "$(PRESET)" "$(FOLD)" "$(SCORED)"

.PHONY: measure
measure: build ## a model's row: make measure DATASET=DIR NAME=nih8-fast RUN=runs/nih8-fast [PRESET=...] [NOTE=...]; RUN is a cross-validation
	@test -n "$(DATASET)" || { echo "make measure: say which dataset, DATASET=DIR" >&2; exit 2; }
	swift build --product bench-detection $(RELEASE)
	@mkdir -p .build/measure
	$(PLEURA) evaluate --dataset "$(SCORED)" --cross-validated "$(RUN)" --json .build/measure/$(NAME).json --report .build/measure/$(NAME)
	.build/release/bench-detection Models/$(NAME) $(BENCH_PRECISION) $(THREADS) 3 $$(ls -d "$(DATASET)"/images/*.jpg | head -50) > .build/measure/$(NAME)-times.json
	@python3 -B Benchmarks/figures.py note $(NAME) .build/measure/$(NAME).json .build/measure/$(NAME)-times.json Models/$(NAME) \
	    --preset "$(PRESET)" --note "$(NOTE)"

.PHONY: figures
figures: ## the tables of figures and speed, from Documentation/Measurements
	@python3 -B Benchmarks/figures.py table

.PHONY: figures-check
figures-check: ## are the tables those of the measurements, and these of the models that are here?
	@python3 -B Benchmarks/figures.py table --check

.PHONY: format
format: ## the Swift files, laid out as .swift-format says
	@find Package.swift Sources Tests Benchmarks -name '*.swift' ! -name '*.pb.swift' ! -path '*/Fixtures/*' -print0 | xargs -0 swift format --in-place

.PHONY: lint
lint: ## is every Swift file laid out so, and does every script of the pages parse? (the second where node is there)
	@find Package.swift Sources Tests Benchmarks -name '*.swift' ! -name '*.pb.swift' ! -path '*/Fixtures/*' -print0 | xargs -0 swift format lint --strict
	@if command -v node >/dev/null; then \
	    for script in Sources/Pages/Script/*.js; do node --check "$$script"; done; \
	    for script in Sources/CWorkstationPage/Assets/*.js; do node --input-type=module --check < "$$script"; done; \
	else \
	    echo "make lint: SKIPPED: the pages' scripts, for there is no node here" >&2; \
	fi
	@echo "lint: clean"

.PHONY: protos
protos: ## the Swift of every .proto: Sources/ROOM/Protos into Sources/ROOM/Generated (needs Debian's protobuf-compiler)
	@command -v protoc >/dev/null || { echo "make protos: protoc is missing: apt-get install protobuf-compiler" >&2; exit 3; }
	@./setup site
	swift package resolve
	swift build -c release --product protoc-gen-swift --package-path .build/checkouts/swift-protobuf --scratch-path .build/protoc-gen-swift
	@for protos in Sources/*/Protos; do \
	    mkdir -p "$${protos%/Protos}/Generated"; \
	    protoc --plugin=.build/protoc-gen-swift/release/protoc-gen-swift --proto_path="$$protos" \
	        --swift_opt=Visibility=Package --swift_out="$${protos%/Protos}/Generated" "$$protos"/*.proto; \
	    echo "$${protos%/Protos}/Generated"; \
	done

.PHONY: floors
floors: ## the picture of the rooms in Documentation/Architecture.md, from Package.swift
	@swift package dump-package | python3 -B Documentation/floors.py

.PHONY: data-elements
data-elements: ## the Swift of DICOM's tags, from Sources/DICOM/DataElements/data_elements.csv
	@python3 -B Sources/DICOM/DataElements/data_elements.py

.PHONY: golden
golden: ## the golden outputs of TensorFlow for the COCO weights, with a Python environment of their own (600 MB)
	@./setup train
	python3 -m venv --clear .build/golden
	.build/golden/bin/python -m pip install --quiet --disable-pip-version-check --only-binary=:all: --requirement Tests/Oracles/golden.txt
	.build/golden/bin/python -B Tests/Oracles/tensorflow_ssdlite.py .engines/weights/ssdlite_mobilenet_v3_large_coco.pb Tests/NetworksTests/Fixtures
	git status --short Tests/NetworksTests/Fixtures

.PHONY: clean
clean: ## what was built and written here; engines and the cache of wheels stay
	rm -rf .build .oracles demo
