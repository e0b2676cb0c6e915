#!/bin/bash -eu
# Builds every fuzz target into $OUT, as OSS-Fuzz and ClusterFuzzLite ask: <target>, <target>_seed_corpus.zip,
# <target>.options and, where there is one, <target>.dict. Compilers, flags, sanitizer and engine are the environment's:
# $CC $CXX $CFLAGS $CXXFLAGS $LIB_FUZZING_ENGINE. Also from there: $SRC (sources of libraries), $WORK (scratch), $OUT.
set -o pipefail

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=$WORK/sessenum
libraries=$WORK/libraries

# build_library NAME FOLDER OPTION...: a static library from $SRC, with the job's own flags.
build_library() {
  local name=$1 folder=$2
  shift 2
  cmake -G Ninja -S "$SRC/$folder" -B "$WORK/$name" -DCMAKE_BUILD_TYPE=None -DCMAKE_INSTALL_PREFIX="$libraries" \
    -DCMAKE_INSTALL_LIBDIR=lib -DCMAKE_PREFIX_PATH="$libraries" -DBUILD_SHARED_LIBS=OFF "$@"
  cmake --build "$WORK/$name"
  cmake --install "$WORK/$name"
}

# Without its libraries' sources the target capture_file is left out: a shared library would not be there at run time.
with_libpcap=OFF
if [ -d "$SRC/libpcap" ] && [ -d "$SRC/zlib" ] && [ -d "$SRC/zstd" ]; then
  build_library zlib zlib -DZLIB_BUILD_EXAMPLES=OFF
  build_library zstd zstd/build/cmake -DZSTD_BUILD_SHARED=OFF -DZSTD_BUILD_PROGRAMS=OFF -DZSTD_LEGACY_SUPPORT=OFF
  build_library libpcap libpcap -DDISABLE_DBUS=ON -DDISABLE_BLUETOOTH=ON -DDISABLE_RDMA=ON -DDISABLE_DPDK=ON \
    -DDISABLE_NETMAP=ON -DDISABLE_DAG=ON -DDISABLE_SNF=ON -DDISABLE_TC=ON -DBUILD_WITH_LIBNL=OFF
  rm -f "$libraries"/lib/*.so*
  with_libpcap=ON
fi

# Nothing that a target tests needs OpenSSL: decryption is behind a seam, which the targets fill themselves. Of packages
# only those just built are seen: a target that needs another, as the one that compares with Samba's, is left out.
PKG_CONFIG_LIBDIR=$libraries/lib/pkgconfig cmake -G Ninja -S "$project" -B "$build" \
  -DCMAKE_BUILD_TYPE=None -DBUILD_TESTING=OFF -DCMAKE_PREFIX_PATH="$libraries" \
  -DSESSENUM_WITH_OPENSSL=OFF -DSESSENUM_WITH_LIBPCAP="$with_libpcap" -DSESSENUM_COMMAND_LINE=OFF \
  "-DSESSENUM_FUZZING_ENGINE=$LIB_FUZZING_ENGINE"
cmake --build "$build" --target fuzz/all
cmake --install "$build" --component fuzz --prefix "$OUT"

# seed_corpus TARGET: the seeds, and what once broke the target.
seed_corpus() {
  (cd "$project/corpus/$1" && find . -type f | LC_ALL=C sort | zip -q -X "$OUT/$1_seed_corpus.zip" -@)
}

# longest_input TARGET: in bytes, with room to grow: an engine does not make inputs longer than max_len.
longest_input() {
  local longest
  longest=$(find "$project/corpus/$1" -type f -printf '%s\n' | sort -n | tail -n 1)
  echo $((longest * 2 > 4096 ? longest * 2 : 4096))
}

rm -f "$OUT"/*_seed_corpus.zip
while read -r program; do
  target=$(basename "$program")
  seed_corpus "$target"
  dictionary=$project/fuzz/dictionaries/$target.dict
  {
    printf '[libfuzzer]\nmax_len = %d\n' "$(longest_input "$target")"
    if [ -f "$dictionary" ]; then printf 'dict = %s.dict\n' "$target"; fi
  } >"$OUT/$target.options"
  if [ -f "$dictionary" ]; then cp "$dictionary" "$OUT/"; fi
done < <(sed -e '$a\' "$build/install_manifest_fuzz.txt")
