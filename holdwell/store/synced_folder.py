"""Folders on a network drive or synced by a cloud service: a database there can be damaged.

Such a service copies the file while it is being written, and adds a copy beside it if two computers
wrote to it. SQLite needs a local disk: https://www.sqlite.org/howtocorrupt.html, 2.1 and 1.2.
"""

import os
import re
import sys
from pathlib import Path

_SERVICES = {
    "iCloud Drive": r"mobile documents|icloud ?drive|com~apple~clouddocs",
    "Dropbox": r"dropbox( .+)?|\.dropbox.*",
    "OneDrive": r"onedrive([ -].+)?",
    "Google Drive": r"google ?drive([ -].+)?|my drive|mi unidad",
}
"""The folder name of each service, at any place in a path (macOS: Library/CloudStorage)."""
_ICLOUD_MARKS = (b"com.apple.icloud.desktop", b"com.apple.file-provider-domain-id")
"""Marks of macOS on Desktop and Documents while iCloud syncs them; their paths do not tell."""
NETWORK = "network"
_NETWORK_FILE_SYSTEMS = re.compile(
    r"nfs\d?|cifs|smb\d?|smbfs|afpfs|9p|davfs|fuse\.(sshfs|rclone|davfs2?|gvfsd-fuse|smbnetfs)"
)
_WINDOWS_REMOTE = 4
"""DRIVE_REMOTE of GetDriveType."""
_COPY = re.compile(
    r"holdwell(?: \(?\d+\)?|-(?:desktop|laptop|pc|.*(?:macbook|imac)).*"
    r"|.*(?:conflict|konflikt|conflit).*)\.db",
    re.IGNORECASE,
)


def _attributes(folder: Path) -> bytes:
    """Return the names of a folder's extended attributes on macOS; b"" on other systems."""
    if sys.platform != "darwin":
        return b""
    import ctypes

    # Python has os.listxattr only on Linux.
    names = ctypes.create_string_buffer(2**16)
    size = ctypes.CDLL(None).listxattr(os.fsencode(folder), names, ctypes.c_size_t(2**16), 0)
    return names.raw[: max(size, 0)]


def service_of(folder: Path) -> str | None:
    """Return the service that syncs a folder, NETWORK for a network drive, or None."""
    resolved = folder.absolute().resolve()
    for part in resolved.parts:
        for service, names in _SERVICES.items():
            if re.fullmatch(names, part, re.IGNORECASE):
                return service
    for ancestor in (resolved, *resolved.parents):
        marks = _attributes(ancestor)
        if any(mark in marks for mark in _ICLOUD_MARKS):
            return "iCloud Drive"
    return NETWORK if _is_remote(resolved) else None


def _is_remote(folder: Path) -> bool:
    if sys.platform == "win32":
        import ctypes

        # psutil would ask every drive, and wait for one that does not answer.
        drive = folder.drive
        return drive.startswith("\\\\") or (
            ctypes.windll.kernel32.GetDriveTypeW(f"{drive}\\") == _WINDOWS_REMOTE
        )
    import psutil

    try:
        drives = psutil.disk_partitions(all=True)
    except OSError:
        return False  # A container may have no /proc.
    # The closest mount point counts. At the same path, autofs sorts before what it mounts.
    above = [(len(d.mountpoint), d.fstype) for d in drives if folder.is_relative_to(d.mountpoint)]
    return bool(above and _NETWORK_FILE_SYSTEMS.fullmatch(max(above)[1]))


def conflict_copies(database: Path) -> list[Path]:
    """Return the copies that a service put beside a database because two computers wrote to it."""
    if not database.parent.is_dir():
        return []
    return sorted(file for file in database.parent.iterdir() if _COPY.fullmatch(file.name))
