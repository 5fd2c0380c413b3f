"""Keys and certificates for tests, made by the openssl command."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Papers:
    """Who one is: certificate, key, and the authority that signed it (PEM files)."""

    ca: str
    certificate: str
    key: str


def papers(folder: Path, name: str, host: str = "127.0.0.1") -> Papers:
    """An authority of its own, and a certificate for a host signed by it."""
    place = folder / name
    place.mkdir()
    (place / "names").write_text(f"subjectAltName=IP:{host}\n")
    _openssl(
        place, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name} ca",
        "-keyout", "ca.key", "-out", "ca.pem",
    )  # fmt: skip
    _openssl(
        place, "req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={host}", "-keyout", "key.pem",
        "-out", "asked.csr",
    )  # fmt: skip
    _openssl(
        place, "x509", "-req", "-in", "asked.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
        "-days", "2", "-extfile", "names", "-out", "certificate.pem",
    )  # fmt: skip
    return Papers(*(str(place / file) for file in ("ca.pem", "certificate.pem", "key.pem")))


def _openssl(place: Path, *words: str) -> None:
    subprocess.run(["openssl", *words], cwd=place, check=True, capture_output=True)
