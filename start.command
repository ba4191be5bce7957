#!/bin/sh
# Double-click it on macOS (or run it on Linux): does what `make run` does, without make.
cd "$(dirname "$0")" || exit 1
# Without pip and a stamp it is one that was cut short.
if [ ! -x .venv/bin/python ] || { [ ! -e .venv/bin/pip ] && [ ! -e .venv/run.stamp ]; }; then
    for python in python3.11 python3.12 python3.13 python3.14 python3 none; do
        "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break
    done
    if [ "$python" = none ]; then
        echo "Holdwell needs Python 3.11 or newer: install it from python.org, then open this file again."
        exit 1
    fi
    "$python" -m venv .venv || {
        rm -rf .venv
        echo "Python cannot make a virtual environment. On Debian: apt install python3-venv, then open this file again."
        exit 1
    }
fi
if [ ! -e .venv/run.stamp ] || [ requirements.txt -nt .venv/run.stamp ]; then
    echo "Installing what Holdwell needs. This takes a minute, once."
    .venv/bin/python -m pip install --quiet --disable-pip-version-check -r requirements.txt || exit 1
    touch .venv/run.stamp
fi
exec .venv/bin/python -m streamlit run app.py
