"""Faults of local files: what may lie in a folder that is watched."""

# ruff: noqa: E501  a table is read by its columns

import os
import socket
from pathlib import Path

from tests.faults.case import Fault, article, fault, text_of


def _write(path: Path, name: str) -> None:
    path.write_text(f"The news of {name}\n\n" + "\n\n".join(text_of(name)))


def _html(path: Path, name: str) -> None:
    path.write_text(article(name))


def _empty(path: Path, _name: str) -> None:
    path.touch()


def _nothing(_path: Path, _name: str) -> None:
    """Announced, but gone."""


def _folder(path: Path, _name: str) -> None:
    path.mkdir()


def _pipe(path: Path, _name: str) -> None:
    os.mkfifo(path)


def _socket(path: Path, _name: str) -> None:
    # The path of a socket is at most 108 bytes; a folder of pytest's is longer.
    here = Path.cwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as sock:
            sock.bind(path.name)
    finally:
        os.chdir(here)


def _link_to_zeros(path: Path, _name: str) -> None:
    path.symlink_to("/dev/zero")


def _link_outside(path: Path, _name: str) -> None:
    path.symlink_to("/etc/passwd")


def _link_inside(path: Path, name: str) -> None:
    _write(path.parent / "real.md", name)
    path.symlink_to("real.md")


def _link_to_itself(path: Path, _name: str) -> None:
    path.symlink_to(path.name)


def _link_to_nothing(path: Path, _name: str) -> None:
    path.symlink_to("gone.txt")


def _linked_folder(path: Path, name: str) -> None:
    real = path.parent.parent / f"{name}-elsewhere"
    real.mkdir()
    _write(real / "document.txt", name)
    (path.parent / "folder").symlink_to(real)


def _sparse(path: Path, _name: str) -> None:
    with path.open("wb") as file:
        file.truncate(50_000_000_000)


def _nuls(path: Path, name: str) -> None:
    path.write_bytes(("The news\n\n" + "\n\n".join(text_of(name))).replace(" the ", " \0the ").encode())


def _latin(path: Path, name: str) -> None:
    path.write_bytes(("Grüße\n\n" + "\n\n".join(text_of(name))).encode("latin-1"))


def _binary(path: Path, _name: str) -> None:
    path.write_bytes(bytes(range(256)) * 40)


def _oddly_named(path: Path, name: str) -> None:
    _write(path, name)
    path.rename(path.parent / "a b%20ü#?.txt")


FILES: tuple[Fault, ...] = (
    fault("file-text", "files", "stored", place="file", make_file=_write),
    fault("file-html", "files", "stored", place="file", make_file=_html, entry="document.html"),
    fault("file-odd-name", "files", "stored", place="file", make_file=_oddly_named, entry="a%20b%2520%C3%BC%23%3F.txt"),
    fault("file-nuls", "files", "stored", place="file", make_file=_nuls),
    fault("file-latin-1", "files", "stored", place="file", make_file=_latin),
    fault("file-binary", "files", "clean:undecodable", fetched="stored", place="file", make_file=_binary),
    fault("file-empty", "files", "fetch:empty-body", place="file", make_file=_empty),
    fault("file-gone", "files", "", fetched="fetch:file-missing", place="file", make_file=_nothing),
    fault("file-folder", "files", "", fetched="fetch:file-not-regular", place="file", make_file=_folder),
    fault("file-pipe", "files", "", fetched="fetch:file-not-regular", place="file", make_file=_pipe),
    fault("file-socket", "files", "", fetched="fetch:file-not-regular", place="file", make_file=_socket),
    fault("file-link-to-zeros", "files", "", fetched="fetch:file-not-regular", place="file", make_file=_link_to_zeros),
    fault("file-link-outside", "files", "", fetched="fetch:file-not-regular", place="file", make_file=_link_outside),
    fault("file-link-inside", "files", "stored", fetched="fetch:file-not-regular", place="file", make_file=_link_inside),
    fault("file-link-to-itself", "files", "", fetched="fetch:file-not-regular", place="file", make_file=_link_to_itself),
    fault("file-link-to-nothing", "files", "", fetched="fetch:file-not-regular", place="file", make_file=_link_to_nothing),
    fault("file-in-linked-folder", "files", "", fetched="fetch:file-not-regular", place="file", make_file=_linked_folder, entry="folder/document.txt"),
    fault("file-of-50-gb", "files", "", fetched="fetch:too-large", place="file", make_file=_sparse),
)  # fmt: skip


# URLs that no honest discovery announces; the fetcher refuses them all the same. {root} is the source's folder.
FILE_URLS: tuple[Fault, ...] = tuple(
    fault(f"file-url-{name}", "files", becomes, place="file", make_file=_write, entry=url, is_announced=False)
    for name, url, becomes in (
        ("climbs", "file://{root}/../../etc/passwd", "fetch:bad-url"),
        ("climbs-encoded", "file://{root}/%2e%2e/%2e%2e/etc/passwd", "fetch:bad-url"),
        ("outside", "file:///etc/passwd", "fetch:bad-url"),
        ("proc", "file:///proc/self/environ", "fetch:bad-url"),
        ("neighbour-with-same-start", "file://{root}-elsewhere/document.txt", "fetch:bad-url"),
        ("nul", "file://{root}/document%00.txt", "fetch:bad-url"),
        ("remote", "file://example.org/share/document.txt", "fetch:bad-url"),
        ("relative", "file:document.txt", "fetch:bad-url"),
        ("http", "http://127.0.0.1/document.txt", "fetch:bad-url"),
        ("empty", "", "fetch:bad-url"),
        ("through-a-file", "file://{root}/document.txt/more", "fetch:file-not-regular"),
        ("long-name", "file://{root}/" + "x" * 300, "fetch:file-unreadable"),
    )
)
