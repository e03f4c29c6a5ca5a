# eface: `make help` lists what can be made.  Everything is built below build/VARIANT/, so that variants never mix.

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

VERSION := $(shell sed -n 's/^#define EF_VERSION "\(.*\)"/\1/p' include/eface/version.h)
SOVERSION := 0
BUILD   := build/$(VARIANT)

# pkg-config would put GSL's slow reference BLAS before OpenBLAS; GSL_CBLAS_LIB names the one to use instead.
PACKAGES := hdf5 gsl openblas jansson inih nettle
PKG      := pkg-config --define-variable=GSL_CBLAS_LIB=-lopenblas
PKG_CFLAGS := $(shell $(PKG) --cflags $(PACKAGES) 2>/dev/null)
PKG_LIBS   := $(shell $(PKG) --libs $(PACKAGES) 2>/dev/null) -lm

CHECK_LIBS := $(shell pkg-config --libs check 2>/dev/null)

FLAGS_release :=
FLAGS_asan    := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
FLAGS_tsan    := -fsanitize=thread
FLAGS_fuzz    := -fsanitize=fuzzer-no-link,address,undefined

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla
OPTIMISE ?= -O2 -g
# Products are never contracted into fused multiply-adds: a score has the same bits on every processor.
CFLAGS_ALL = -std=c11 $(WARNINGS) $(OPTIMISE) -ffp-contract=off -fPIC -fvisibility=hidden -pthread \
             -D_POSIX_C_SOURCE=200809L -Iinclude -Isrc $(PKG_CFLAGS) $(FLAGS_$(VARIANT)) $(CFLAGS)
LDFLAGS_ALL = $(FLAGS_$(VARIANT)) -pthread -Wl,--as-needed $(LDFLAGS)

LIB_SOURCES  := $(filter-out $(wildcard src/cli/*.c),$(wildcard src/*/*.c))
PROGRAMS     := $(patsubst src/cli/%.c,%,$(wildcard src/cli/eface-*.c))
CLI_SOURCES  := $(filter-out src/cli/eface-%.c,$(wildcard src/cli/*.c))
TEST_SOURCES := $(wildcard tests/unit/test_*.c)
TESTS        := $(TEST_SOURCES:tests/unit/%.c=$(BUILD)/tests/%)
HEADERS      := $(wildcard include/eface/*.h)
LIB_OBJECTS  := $(LIB_SOURCES:%.c=$(BUILD)/%.o)
CLI_OBJECTS  := $(CLI_SOURCES:%.c=$(BUILD)/%.o)
BINARIES     := $(PROGRAMS:%=$(BUILD)/%)

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all build check test asan tsan valgrind fuzz lint format headers oracle bench demo golden install uninstall clean help deps

all: build

build: $(BUILD)/libeface.a $(BUILD)/libeface.so $(BINARIES)

$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) $(DEFINES_$(notdir $*)) -MMD -MP -c -o $@ $<

# Where an installed program looks for its protocols; everything else about places is decided at run time.
DEFINES_find = -DEF_PROTOCOLS_INSTALLED='"$(PREFIX)/share/eface/protocols"'

$(BUILD)/libeface.a: $(LIB_OBJECTS)
	rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/libeface.so: $(LIB_OBJECTS)
	$(CC) -shared -Wl,-soname,libeface.so.$(SOVERSION) -Wl,-z,defs $(LDFLAGS_ALL) -o $@ $^ $(PKG_LIBS)

$(BUILD)/eface-%: $(BUILD)/src/cli/eface-%.o $(CLI_OBJECTS) $(BUILD)/libeface.a
	$(CC) $(LDFLAGS_ALL) -o $@ $^ $(PKG_LIBS)

$(BUILD)/tests/%: $(BUILD)/tests/unit/%.o $(CLI_OBJECTS) $(BUILD)/libeface.a
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS_ALL) -o $@ $^ $(PKG_LIBS) $(CHECK_LIBS)

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

deps:
	@scripts/deps $(DEPS)
