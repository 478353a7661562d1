"""Packages that only some people need, and the extra of Labeller that installs each of them."""

from importlib.util import find_spec

from labeller.core.errors import LabellerError

EXTRAS = {
    "matplotlib": "figures", "pyarrow": "parquet", "medmnist": "sets",
    "tensorboard": "tensorboard", "mlflow": "mlflow", "wandb": "wandb",
}  # fmt: skip


def require_extra(package: str) -> None:
    """Raises LabellerError, naming the extra to install, if one of these packages is missing."""
    if find_spec(package) is None:
        raise LabellerError(
            "This needs the package {package}, which is missing. Install 'labeller[{extra}]'.",
            package=package,
            extra=EXTRAS[package],
        )
