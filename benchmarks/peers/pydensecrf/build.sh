#!/bin/sh
# Builds pydensecrf from PyPI's source distribution, optimised, into benchmarks/out/pydensecrf (ignored by git):
#   sh benchmarks/peers/pydensecrf/build.sh [python]
# Its C++ made by an old Cython is deleted, so that Cython runs again. Needs a Python up to 3.11 and a C++ compiler.
set -e
python=${1:-python3.11}
out=$(cd "$(dirname "$0")/../.." && pwd)/out/pydensecrf
rm -rf "$out"
mkdir -p "$out/source"
"$python" -m venv "$out/venv"
pip="$out/venv/bin/pip"
"$pip" install --quiet 'numpy<2' 'cython<3' 'setuptools<70' wheel
"$pip" download --quiet --no-deps --no-build-isolation --no-binary :all: --dest "$out/source" pydensecrf==1.0rc3
tar -xzf "$out"/source/pydensecrf-*.tar.gz -C "$out/source"
cd "$out"/source/pydensecrf-*/
rm -f pydensecrf/eigen.cpp pydensecrf/densecrf.cpp
CFLAGS=-O3 CXXFLAGS=-O3 "$pip" install --quiet --no-deps --no-build-isolation .
cd "$out"
"$out/venv/bin/python" -c 'import pydensecrf.densecrf; print("pydensecrf is built:", pydensecrf.densecrf.__file__)'
