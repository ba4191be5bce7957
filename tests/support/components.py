"""Streamlit looks for components among the installed packages at its every start: here, once."""

import functools

from streamlit.components.v2 import manifest_scanner


def scan_once() -> None:
    """Let every later start in this process, and in those forked from it, take what is found now.

    The search reads the description of each installed package, which takes longer than most pages.
    """
    scan = functools.cache(manifest_scanner.scan_component_manifests)
    scan()
    vars(manifest_scanner)["scan_component_manifests"] = scan
