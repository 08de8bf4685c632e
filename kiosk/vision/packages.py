"""Model files that come inside an installed Python package."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from kiosk.domain.errors import ModelError
from kiosk.domain.language import _
from kiosk.vision.manifest import PackageFile


def locate(file: PackageFile, extra: str = "dlib") -> Path:
    """Where the file of a package that comes with an extra lies, without importing the package.

    Raises:
        ModelError: the package is not installed.
    """
    spec = importlib.util.find_spec(file.package)
    if spec is None or not spec.submodule_search_locations:
        raise ModelError(
            _(
                "The package {package} should be installed, but is not. Install the extra "
                "{extra}: pip install 'kiosk[{extra}]'."
            ).format(package=file.package, extra=extra)
        )
    return Path(next(iter(spec.submodule_search_locations))) / file.path
