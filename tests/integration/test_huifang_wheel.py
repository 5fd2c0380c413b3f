"""What is installed holds everything that a call needs: no clone lies beside it."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
NEEDED = (
    *("config/**/*.yaml", "config/**/*.csv", "prompts/*", "records/migrations/**/*.*"),
    *("huifang/custody/*.html", "qa/templates/*", "qa/static/**/*", "qa/languages/*"),
)


def test_the_wheel_carries_data_and_migrations(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    [wheel] = tmp_path.glob("*.whl")
    packed = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        str(path.relative_to(ROOT))
        for pattern in NEEDED
        for path in ROOT.glob(pattern)
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {"config/settings.yaml", "prompts/manifest.json", "records/migrations/env.py"} <= wanted
    assert wanted - packed == set()
    assert not [name for name in packed if name.startswith(("tests/", "docs/", ".venv/"))]
