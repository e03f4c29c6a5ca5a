# eface: `make help` lists what can be made.  Everything is built below build/VARIANT/, so that variants never mix.
#
# A target for people (check, asan, demo, ...) first lets scripts/deps install what it needs, then calls make again: only the
# second make asks pkg-config where things are, and it runs in parallel.

VARIANT ?= release
PREFIX  ?= /usr/local
DESTDIR ?=
THREADS ?= $(shell nproc)
ifeq ($(origin CC),default)
CC := gcc
endif
ifeq ($(origin CXX),default)
CXX := g++
endif

VERSION := $(shell sed -n 's/^\#define EF_VERSION "\(.*\)"/\1/p' include/eface/version.h)
SOVERSION := 0
BUILD   := build/$(VARIANT)

# pkg-config would put GSL's slow reference BLAS before OpenBLAS; GSL_CBLAS_LIB names the one to use instead.
PACKAGES := hdf5 gsl openblas jansson inih nettle
PKG      := pkg-config --define-variable=GSL_CBLAS_LIB=-lopenblas
PKG_CFLAGS := $(shell $(PKG) --cflags $(PACKAGES) 2>/dev/null)
PKG_LIBS   := $(shell $(PKG) --libs $(PACKAGES) 2>/dev/null) -lm

CHECK_CFLAGS := $(shell pkg-config --cflags check 2>/dev/null)
CHECK_LIBS := $(shell pkg-config --libs check 2>/dev/null)

FLAGS_release :=
FLAGS_asan    := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
FLAGS_tsan    := -fsanitize=thread
FLAGS_fuzz    := -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
FLAGS_coverage := --coverage -fprofile-update=atomic

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla
OPTIMISE ?= -O2 -g
# What a unit test computes is little; to optimise it would take longer.
UNIT_OPTIMISE ?= -O0
LANGUAGE := -std=c11 -D_POSIX_C_SOURCE=200809L -Iinclude -Isrc $(PKG_CFLAGS)
# Products are never contracted into fused multiply-adds: a score has the same bits on every processor.
CFLAGS_ALL = -pipe $(LANGUAGE) $(WARNINGS) $(OPTIMISE) -ffp-contract=off -fPIC -fvisibility=hidden -pthread \
             $(FLAGS_$(VARIANT)) $(CFLAGS)
LDFLAGS_ALL = $(FLAGS_$(VARIANT)) -pthread -Wl,--as-needed $(LDFLAGS)
# Sanitizers start faster, and look for leaks in less memory, inside a program; a shared library takes them from there.
LINK_asan := -static-libasan -static-libubsan
LINK_tsan := -static-libtsan
# Sixty test programs are linked in a third of the time where gold is at hand.
GOLD := $(shell $(CC) -fuse-ld=gold -Wl,--version >/dev/null 2>&1 && echo -fuse-ld=gold)
LINK_ALL = $(LDFLAGS_ALL) $(GOLD) $(if $(findstring gcc,$(CC)),$(LINK_$(VARIANT)))

# What the programs share, the generators too, is no part of the library.
LIB_SOURCES  := $(filter-out $(wildcard src/cli/*.c src/synth/*.c),$(wildcard src/*/*.c))
PROGRAMS     := $(patsubst src/cli/%.c,%,$(wildcard src/cli/eface-*.c))
CLI_SOURCES  := $(wildcard src/synth/*.c) $(filter-out src/cli/eface-%.c,$(wildcard src/cli/*.c))
TEST_SOURCES := $(wildcard tests/unit/test_*.c)
FUZZ_SOURCES := $(wildcard tests/fuzz/fuzz_*.c)
# Longest first, so that no processor waits for the last.
BATS         := $(shell ls -S tests/cli/*.bats)
# What is installed is the release build: there is nothing to learn from it under another variant.
BATS_ANYWHERE := $(filter-out %/install.bats,$(BATS))
HEADERS      := $(wildcard include/eface/*.h)
PROTOCOLS    := $(wildcard protocols/*.*)
PUBLISHED    := $(wildcard protocols/published/*.ini)
SCRIPTS      := $(shell grep -lE '^\#!.*\b(ba)?sh$$$$' scripts/* tests/* tests/*/* .ci/run 2>/dev/null | grep -v '\.bats$$$$')
FORMATTED    := $(shell find include src tests -name '*.[ch]')
LIB_OBJECTS  := $(LIB_SOURCES:%.c=$(BUILD)/%.o)
CLI_OBJECTS  := $(CLI_SOURCES:%.c=$(BUILD)/%.o)
BINARIES     := $(PROGRAMS:%=$(BUILD)/%)
TESTS        := $(TEST_SOURCES:tests/unit/%.c=$(BUILD)/tests/%)
HELPERS      := $(patsubst tests/cli/%.c,$(BUILD)/%,$(wildcard tests/cli/*.c))
PRELOADED    := $(patsubst tests/preload/%.c,$(BUILD)/%.so,$(wildcard tests/preload/*.c))
FUZZERS      := $(FUZZ_SOURCES:tests/fuzz/%.c=$(BUILD)/%)
REPLAYED     := $(FUZZ_SOURCES:tests/fuzz/%.c=$(BUILD)/replay/%.o)

# Research data to run on, where there is any.
EFACE_DATA ?= $(abspath ../shared/data)
export EFACE_DATA
FUZZ_SECONDS ?= 20

# The second make; with as many jobs as there are processors unless the first one was told how many.
AGAIN = $(MAKE) --no-print-directory $(if $(filter -j%,$(MAKEFLAGS)),,-j$(THREADS))
# `make V=1` shows the commands.
V ?= 0
quiet = $(if $(filter 0,$(V)),@printf '  %-5s %s\n' $(1) $(2); )

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all build tests fuzzers check test asan tsan tsan-test valgrind fuzz lint lint-files exported format oracle bench demo golden \
        coverage mutants release-check install install-files uninstall clean help deps FORCE

all: ## the library and the programs, in build/release/ (the default)
	@$(PKG) --exists $(PACKAGES) || { echo "Libraries are missing: 'make deps' installs them." >&2; exit 1; }
	@+$(AGAIN) build

build: $(BUILD)/libeface.a $(BUILD)/libeface.so $(BINARIES) $(BUILD)/protocols
	@:

tests: $(TESTS) $(BUILD)/tests/replay $(HELPERS) $(PRELOADED) $(BUILD)/light/made
	@:

fuzzers: $(FUZZERS)
	@:

# What was compiled with other flags, or another compiler, is out of date.
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' '$(CC) $(CFLAGS_ALL) $(UNIT_OPTIMISE)' | cmp -s - $@ || printf '%s\n' '$(CC) $(CFLAGS_ALL) $(UNIT_OPTIMISE)' >$@

$(BUILD)/prefix: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' '$(PREFIX)' | cmp -s - $@ || printf '%s\n' '$(PREFIX)' >$@

$(BUILD)/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call quiet,CC,$<)$(CC) $(CFLAGS_ALL) $(if $(filter tests/unit/%,$<),$(UNIT_OPTIMISE) $(CHECK_CFLAGS)) $(DEFINES_$(notdir $*)) -MMD -MP -c -o $@ $<

# Where an installed program looks for its protocols; everything else about places is decided at run time.
DEFINES_find = -DEF_PROTOCOLS_INSTALLED='"$(PREFIX)/share/eface/protocols"'
$(filter %/find.o,$(LIB_OBJECTS)): $(BUILD)/prefix

$(BUILD)/libeface.a: $(LIB_OBJECTS)
	@rm -f $@
	$(call quiet,AR,$@)$(AR) rcs $@ $^

$(BUILD)/libeface.so: $(LIB_OBJECTS)
	$(call quiet,LINK,$@)$(CC) -shared -Wl,-soname,libeface.so.$(SOVERSION) -Wl,-z,defs $(LDFLAGS_ALL) -o $@ $^ $(PKG_LIBS)

# What the programs share: each takes from it what it needs, and starts without the libraries of what it does not.
$(BUILD)/libcli.a: $(CLI_OBJECTS)
	@rm -f $@
	$(call quiet,AR,$@)$(AR) rcs $@ $^

$(BUILD)/eface-%: $(BUILD)/src/cli/eface-%.o $(BUILD)/libcli.a $(BUILD)/libeface.a
	$(call quiet,LINK,$@)$(CC) $(LINK_ALL) -o $@ $^ $(PKG_LIBS)

$(BUILD)/tests/%: $(BUILD)/tests/unit/%.o $(BUILD)/libcli.a $(BUILD)/libeface.a
	@mkdir -p $(@D)
	$(call quiet,LINK,$@)$(CC) $(LINK_ALL) -o $@ $^ $(PKG_LIBS) $(CHECK_LIBS)

$(BUILD)/fuzz_%: $(BUILD)/tests/fuzz/fuzz_%.o $(BUILD)/libcli.a $(BUILD)/libeface.a
	$(call quiet,LINK,$@)$(CC) $(LDFLAGS_ALL) -fsanitize=fuzzer -o $@ $^ $(PKG_LIBS)

# All fuzz targets in one program, each under its own name, for any compiler: it replays their corpora.
$(REPLAYED): $(BUILD)/replay/%.o: tests/fuzz/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call quiet,CC,$<)$(CC) $(CFLAGS_ALL) -DLLVMFuzzerTestOneInput=$* -MMD -MP -c -o $@ $<

$(BUILD)/tests/replay: $(BUILD)/tests/fuzz/replay.o $(REPLAYED) $(BUILD)/libcli.a $(BUILD)/libeface.a
	@mkdir -p $(@D)
	$(call quiet,LINK,$@)$(CC) $(LINK_ALL) -o $@ $^ $(PKG_LIBS)

# Make sets for the tests of the programs.
$(HELPERS): $(BUILD)/%: $(BUILD)/tests/cli/%.o
	$(call quiet,LINK,$@)$(CC) $(LINK_ALL) -o $@ $^ $(PKG_LIBS)

$(PRELOADED): $(BUILD)/%.so: $(BUILD)/tests/preload/%.o
	$(call quiet,LINK,$@)$(CC) -shared $(LDFLAGS_ALL) -o $@ $^

# What tests/tap lets programs start with.
$(BUILD)/light/made: tests/light-hdf5
	@tests/light-hdf5 $(@D) $(CC)
	@touch $@

$(BUILD)/peak: $(BUILD)/tests/bench/peak.o
	$(call quiet,LINK,$@)$(CC) $(LINK_ALL) -o $@ $^ $(PKG_LIBS)

$(BUILD)/pairs $(BUILD)/loss: $(BUILD)/%: $(BUILD)/tests/bench/%.o $(BUILD)/libeface.a
	$(call quiet,LINK,$@)$(CC) $(LINK_ALL) -o $@ $^ $(PKG_LIBS)

$(BUILD)/loss_json: $(BUILD)/tests/oracle/loss_json.o $(BUILD)/libeface.a
	$(call quiet,LINK,$@)$(CC) $(LINK_ALL) -o $@ $^ $(PKG_LIBS)

# Programs look for protocols beside themselves.
$(BUILD)/protocols:
	@mkdir -p $(@D)
	@ln -sfn ../../protocols $@

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

deps: ## install the packages that a build needs (make deps DEPS="check lint" for more)
	@scripts/deps $(DEPS)

check: ## install what is missing, build, and run all tests
	@scripts/deps check
	@+$(AGAIN) build tests
	@+$(AGAIN) test

# The thread sanitizer of gcc 12 cannot place its memory where addresses are highly random.
RUN_tsan := $(shell setarch $$(uname -m) -R true 2>/dev/null && echo setarch $$(uname -m) -R)
ENVIRONMENT_asan := ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1 UBSAN_OPTIONS=print_stacktrace=1
ENVIRONMENT_tsan := TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1
PROVE = env -u EFACE_PROTOCOLS CK_DEFAULT_TIMEOUT=60 EFACE_BIN=$(abspath $(BUILD)) EFACE_VARIANT=$(VARIANT) $(ENVIRONMENT_$(VARIANT)) \
        $(RUN_$(VARIANT)) prove --directives --failures --comments --exec tests/tap

test: build tests ## run all tests, everything being installed (make check installs first)
	@$(PROVE) -j$(THREADS) $(if $(filter release,$(VARIANT)),$(BATS),$(BATS_ANYWHERE)) $(TESTS) $(BUILD)/tests/replay

asan: ## all tests under the address, leak and undefined-behaviour sanitizers
	@scripts/deps check
	@+$(AGAIN) VARIANT=asan build tests
	@+$(AGAIN) VARIANT=asan test

# Races are looked for where threads are: tests/threads.tsv says which tests run each source file that starts any.
THREADED := $(shell awk -F '\t' 'NR > 1 { n = split($$2, test, " "); for (i = 1; i <= n; i++) if (!seen[test[i]]++) print test[i] }' tests/threads.tsv)
THREADED_UNITS := $(patsubst %,$(BUILD)/tests/%,$(filter-out %.bats,$(THREADED)))
THREADED_BATS  := $(patsubst %,tests/cli/%,$(filter %.bats,$(THREADED)))
tsan: ## the tests of what starts threads, under the thread sanitizer
	@scripts/deps check
	@scripts/check-threads
	@+$(AGAIN) VARIANT=tsan tsan-test

tsan-test: $(THREADED_UNITS) $(BINARIES) $(BUILD)/protocols $(HELPERS) $(BUILD)/light/made
	@$(PROVE) -j$(THREADS) $(THREADED_UNITS) $(THREADED_BATS)

# A test that forks away from valgrind would be lost to it, hence CK_FORK.  Real sets, plans of true size, products by the million and plots by the
# hundred would take it minutes each; the sanitizers see them.
VALGRIND := valgrind -q --error-exitcode=99 --leak-check=full --show-leak-kinds=definite,indirect \
            --errors-for-leak-kinds=definite,indirect --suppressions=$(CURDIR)/tests/valgrind.supp
valgrind: ## all tests but the longest under valgrind (40 minutes)
	@scripts/deps valgrind
	@+$(AGAIN) build tests
	@CK_FORK=no CK_DEFAULT_TIMEOUT=0 EFACE_WRAP='$(VALGRIND)' $(PROVE) -j$(THREADS) $(filter-out %/test_synth_ijb %/test_all_pairs %/test_pair_points %/test_pair_distractors %/test_quantise,$(TESTS)) $(filter-out %/real.bats %/golden.bats %/plot.bats,$(BATS_ANYWHERE))

coverage: ## lines and branches that the tests run, by folder (BASE=FILE.info compares with an earlier run)
	@scripts/deps coverage
	@+$(AGAIN) VARIANT=coverage build tests
	@tests/coverage $(if $(BASE),--base $(abspath $(BASE))) $(MAKE) --no-print-directory VARIANT=coverage test

mutants: ## break the code as tests/mutants.tsv says, and see the test named there fail
	@scripts/deps oracle check
	@tests/mutants $(ONLY)

release-check: ## before a version: everything of .ci/run, then valgrind and mutants (hours)
	@.ci/run
	@+$(AGAIN) valgrind
	@+$(AGAIN) mutants

fuzz: ## feed each reader random input for FUZZ_SECONDS (20)
	@scripts/deps fuzz
	@+$(AGAIN) VARIANT=fuzz CC=clang fuzzers
	@tests/fuzz/run build/fuzz $(FUZZ_SECONDS) $(THREADS)

# What was found good leaves a stamp below build/lint, so that only what changed since is looked at again.
LINT     := build/lint
TIDIED   := $(LIB_SOURCES) $(CLI_SOURCES) $(PROGRAMS:%=src/cli/%.c) $(wildcard tests/bench/*.c tests/oracle/*.c) $(FUZZ_SOURCES) tests/fuzz/replay.c
lint: ## formatting, clang-tidy, shellcheck, layers, headers and exported names
	@scripts/deps lint
	@+$(AGAIN) lint-files exported
	@scripts/check-layers
	@scripts/check-names
	@scripts/check-threads
	@echo 'lint: nothing to complain about'

lint-files: $(TIDIED:%=$(LINT)/%.tidy) $(LINT)/format $(LINT)/shell $(HEADERS:%=$(LINT)/%.alone)
	@:

# A new version of a tool, or other flags, make all stamps old.
$(LINT)/tools: FORCE
	@mkdir -p $(@D)
	@{ clang-tidy --version; clang-format --version; shellcheck --version; echo '$(LANGUAGE)'; } >$@.new
	@cmp -s $@.new $@ || cp $@.new $@

# One file for each run: clang-tidy 14 loses track of va_list after the first.
$(LINT)/%.tidy: % .clang-tidy $(LINT)/tools
	@mkdir -p $(@D)
	$(call quiet,TIDY,$<)clang-tidy --quiet $< -- $(LANGUAGE) -DEF_PROTOCOLS_INSTALLED=__FILE__ 2>/dev/null
	@$(CC) $(LANGUAGE) -DEF_PROTOCOLS_INSTALLED=__FILE__ -MM -MP -MT $@ -MF $@.d $<
	@touch $@

$(LINT)/format: $(FORMATTED) .clang-format $(LINT)/tools
	@clang-format --dry-run -Werror $(if $(filter-out %.c %.h,$?),$(FORMATTED),$?)
	@touch $@

$(LINT)/shell: $(SCRIPTS) $(BATS) $(wildcard tests/cli/*.bash) .shellcheckrc $(LINT)/tools
	@printf '%s\n' $(if $(filter %.bash .shellcheckrc $(LINT)/tools,$?),$(filter-out .shellcheckrc $(LINT)/tools,$^),$?) | xargs -n 4 -P $(THREADS) shellcheck -x
	@touch $@

# Every public header compiles alone and twice, as C and as C++.
$(LINT)/%.h.alone: %.h $(HEADERS) $(LINT)/tools
	@mkdir -p $(@D)
	@printf '#include <%s>\n#include <%s>\n' $(<:include/%=%) $(<:include/%=%) >$@.h
	@$(CC) -std=c11 -Wall -Wextra -Wpedantic -Werror -Iinclude -fsyntax-only -x c $@.h
	@$(CXX) -std=c++17 -Wall -Wextra -Wpedantic -Werror -Iinclude -fsyntax-only -x c++ $@.h
	@touch $@

-include $(shell find $(LINT) -name '*.d' 2>/dev/null)

exported: $(BUILD)/libeface.so ## only ef_ names are exported by the library
	@nm -D --defined-only $< | awk '$$3 !~ /^ef_/ { print "exported, but not ef_: " $$3; bad = 1 } END { exit bad }'

format: ## rewrite the sources in the house format
	@scripts/deps lint
	@clang-format -i $(FORMATTED)

oracle: ## recompute every figure in Python from the same files, and compare
	@scripts/deps oracle
	@+$(AGAIN) build $(BUILD)/loss_json
	@tests/oracle/run $(BUILD) $(EFACE_DATA)

bench: ## time whole programs beside the same work in NumPy, and beside what this machine can do
	@scripts/deps bench
	@+$(AGAIN) build $(BUILD)/peak $(BUILD)/pairs $(BUILD)/loss
	@tests/bench/run $(BUILD) $(EFACE_DATA)

demo: ## generate sets, evaluate them, print the table: everything from nothing
	@scripts/deps demo
	@+$(AGAIN) build
	@scripts/demo $(BUILD)

golden: ## rewrite the expected results in tests/golden/; review the difference before committing it
	@scripts/deps check
	@+$(AGAIN) build
	@EFACE_GOLDEN=write $(PROVE) tests/cli/golden.bats tests/cli/megaface.bats

BINDIR     = $(DESTDIR)$(PREFIX)/bin
LIBDIR     = $(DESTDIR)$(PREFIX)/lib
INCLUDEDIR = $(DESTDIR)$(PREFIX)/include/eface
SHAREDIR   = $(DESTDIR)$(PREFIX)/share/eface

# GSL and OpenBLAS stand under Libs.private, not under Requires.private: gsl.pc names its own slow BLAS, and openblas.pc what a static
# OpenBLAS would need (Fortran's runtime), which is not at hand where only the shared one is installed.
define PC_FILE
prefix=$(PREFIX)
libdir=$${prefix}/lib
includedir=$${prefix}/include
protocols=$${prefix}/share/eface/protocols

Name: eface
Description: Face verification evaluated, from embeddings to tables
Version: $(VERSION)
Requires.private: $(filter-out gsl openblas,$(PACKAGES))
Libs: -L$${libdir} -leface
Libs.private: -lgsl -lopenblas -lm -pthread
Cflags: -I$${includedir}
endef
export PC_FILE

install: all install-files ## install below PREFIX (/usr/local), staged below DESTDIR

install-files: $(if $(filter install,$(MAKECMDGOALS)),all)
	install -d $(BINDIR) $(LIBDIR)/pkgconfig $(INCLUDEDIR) $(SHAREDIR)/protocols/published
	$(if $(BINARIES),install -m 755 $(BINARIES) $(BINDIR))
	install -m 644 $(HEADERS) $(INCLUDEDIR)
	install -m 644 $(BUILD)/libeface.a $(LIBDIR)
	install -m 755 $(BUILD)/libeface.so $(LIBDIR)/libeface.so.$(VERSION)
	ln -sf libeface.so.$(VERSION) $(LIBDIR)/libeface.so.$(SOVERSION)
	ln -sf libeface.so.$(SOVERSION) $(LIBDIR)/libeface.so
	$(if $(PROTOCOLS),install -m 644 $(PROTOCOLS) $(SHAREDIR)/protocols)
	$(if $(PUBLISHED),install -m 644 $(PUBLISHED) $(SHAREDIR)/protocols/published)
	@printf '%s\n' "$$PC_FILE" >$(LIBDIR)/pkgconfig/eface.pc && chmod 644 $(LIBDIR)/pkgconfig/eface.pc

uninstall: ## remove what install put there
	rm -f $(PROGRAMS:%=$(BINDIR)/%) $(LIBDIR)/libeface.a $(LIBDIR)/libeface.so $(LIBDIR)/libeface.so.* $(LIBDIR)/pkgconfig/eface.pc
	rm -rf $(INCLUDEDIR) $(SHAREDIR)

clean: ## remove build/
	rm -rf build

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo '  VARIANT=release|asan|tsan  V=1  THREADS=N  PREFIX=DIR  DESTDIR=DIR  EFACE_DATA=DIR'
