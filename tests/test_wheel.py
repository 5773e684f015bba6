"""The wheel: what is installed elsewhere works without the checkout, sql/ included."""

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from tests.flows.presswatch import ROOT, clean_environ


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_the_packages_and_sql_but_no_importable_sql(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()

    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"flows", "pipelines"}
    assert {f"pipelines/{path.relative_to(ROOT)}" for path in (ROOT / "sql").rglob("*.sql")} <= set(names)


def test_the_wheel_runs_from_another_folder(wheel: Path, tmp_path: Path) -> None:
    # The lock's packages come from this environment: what is to be proved is our own wheel.
    venv.create(tmp_path / "venv", with_pip=False)
    python = tmp_path / "venv" / "bin" / "python"
    site = next((tmp_path / "venv" / "lib").glob("python*/site-packages"))
    (site / "lock.pth").write_text("".join(f"{path}\n" for path in sys.path if path.endswith("site-packages")))
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-index", "--no-deps"]
    subprocess.run([*install, str(wheel)], check=True, capture_output=True)
    (tmp_path / "sources.yaml").write_text(
        f"sources:\n  - {{name: seeds, kind: files, path: '{ROOT}/tests/fixtures/seeds'}}\n"
    )
    environ = {name: value for name, value in clean_environ().items() if name != "PYTHONPATH"}

    ended = subprocess.run(
        [python.with_name("presswatch"), "run"], cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=180
    )
    where = subprocess.run(
        [python, "-c", "import pipelines; print(pipelines.__file__)"],
        cwd=tmp_path,
        env=environ,
        capture_output=True,
        text=True,
    )

    assert ended.returncode == 0, ended.stderr
    assert "5 new" in ended.stdout
    assert str(tmp_path) in where.stdout
