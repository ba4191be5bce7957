"""Streamlit searches the installed packages for components at every start; here only once."""

import functools

from streamlit.components.v2 import manifest_scanner


def scan_once() -> None:
    """Search now, and let every later start in this process and its forks reuse the result.

    The search reads the metadata of every installed package, which takes longer than most pages.
    """
    scan = functools.cache(manifest_scanner.scan_component_manifests)
    scan()
    vars(manifest_scanner)["scan_component_manifests"] = scan
