#!/bin/bash -eu
# Copyright 2026 The sessenum authors
#
# Licensed under the Apache License, Version 2.0 (the "License");
# you may not use this file except in compliance with the License.
# You may obtain a copy of the License at
#
#      http://www.apache.org/licenses/LICENSE-2.0
#
# Unless required by applicable law or agreed to in writing, software
# distributed under the License is distributed on an "AS IS" BASIS,
# WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
# See the License for the specific language governing permissions and
# limitations under the License.
#
################################################################################

# Runs the tests of the layers, and replays every corpus with the replay main() instead of an engine. GoogleTest is
# compiled with them: the packaged one is not for libc++.
cmake -G Ninja -S "$SRC/sessenum" -B "$WORK/sessenum_tests" -DCMAKE_BUILD_TYPE=None -DSESSENUM_WITH_LIBPCAP=OFF \
  -DSESSENUM_GOOGLETEST_SOURCE=/usr/src/googletest
cmake --build "$WORK/sessenum_tests"
ctest --test-dir "$WORK/sessenum_tests" --output-on-failure -L 'unit|corpus'
