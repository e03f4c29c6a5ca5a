#!/usr/bin/env bats
# What `make install` puts where, and that others can build with it.
load helper

setup_file() {
    if [ "${EFACE_VARIANT:-release}" = release ]; then
        staged install-files
    fi
}

# staged TARGET: makes it from what is built already, in a tree of this file's own.
staged() {
    env -u MAKEFLAGS -u MAKELEVEL make -C "$top" --no-print-directory "$1" PREFIX=/opt/eface DESTDIR="$BATS_FILE_TMPDIR/stage" \
        BUILD="$EFACE_BIN" >"$BATS_FILE_TMPDIR/log" 2>&1 || { cat "$BATS_FILE_TMPDIR/log"; return 1; }
}

setup() {
    [ "${EFACE_VARIANT:-release}" = release ] || skip 'only the release build is installed'
    [ -z "${EFACE_WRAP:-}" ] || skip 'nothing to run under another program'
    cd "$BATS_TEST_TMPDIR" || return 1
    root=$BATS_FILE_TMPDIR/stage/opt/eface
    version=$(sed -n 's/^#define EF_VERSION "\(.*\)"/\1/p' "$top/include/eface/version.h")
    export PKG_CONFIG_PATH=$root/lib/pkgconfig
    cat >use.c <<'END'
#include <stdio.h>
#include <string.h>

#include <eface/eface.h>

int main(void)
{
    puts(ef_version());
    return strcmp(ef_version(), EF_VERSION) == 0 ? 0 : 1;
}
END
}

pc() {
    pkg-config --define-variable=prefix="$root" "$@"
}

@test "headers, libraries, protocols and eface.pc are installed" {
    for header in "$top"/include/eface/*.h; do
        cmp "$header" "$root/include/eface/${header##*/}"
    done
    for protocol in "$top"/protocols/*.* "$top"/protocols/published/*; do
        [ -e "$protocol" ] || continue
        cmp "$protocol" "$root/share/eface/${protocol#"$top"/}"
    done
    [ -f "$root/lib/libeface.a" ]
    [ -f "$root/lib/libeface.so.$version" ]
    [ "$(readlink -f "$root/lib/libeface.so")" = "$(readlink -f "$root/lib/libeface.so.$version")" ]
    [ "$(pkg-config --modversion eface)" = "$version" ]
}

@test "every program is installed and tells its version" {
    for source in "$top"/src/cli/eface-*.c; do
        [ -e "$source" ] || skip 'there is no program'
        program=$(basename "$source" .c)
        run -0 "$root/bin/$program" --version
        says "$version"
    done
}

@test "a program links with the shared library through pkg-config" {
    # shellcheck disable=SC2046
    ${CC:-cc} -std=c11 -Wall -Werror -o use use.c $(pc --cflags --libs eface)
    readelf -d use | grep -q "libeface.so.0"
    LD_LIBRARY_PATH=$root/lib run -0 ./use
    [ "$output" = "$version" ]
}

@test "a program links with the static library through pkg-config" {
    # shellcheck disable=SC2046
    ${CC:-cc} -std=c11 -Wall -Werror -o use use.c $(pc --cflags eface) \
        "$root/lib/libeface.a" $(pc --static --libs eface | sed 's/-leface//')
    ! readelf -d use | grep -q libeface || return 1
    run -0 ./use
    [ "$output" = "$version" ]
}

@test "static linking never asks for GSL's own BLAS" {
    run -0 pc --static --libs eface
    [[ "$output" != *gslcblas* ]]
    [[ "$output" == *-lgsl* && "$output" == *-lopenblas* ]]
}

@test "a C++ program compiles with the installed headers" {
    command -v g++ >/dev/null || skip 'no g++'
    # shellcheck disable=SC2046
    g++ -std=c++17 -Wall -Wextra -Wpedantic -Werror -x c++ -o use use.c -x none $(pc --cflags --libs eface)
    LD_LIBRARY_PATH=$root/lib run -0 ./use
}

@test "uninstall leaves nothing behind" {
    staged uninstall
    run -0 find "$BATS_FILE_TMPDIR/stage" ! -type d
    [ -z "$output" ]
}
