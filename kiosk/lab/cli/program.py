"""Which commands there are; errors become one sentence and exit code 2, once."""

from __future__ import annotations

import typer

from kiosk.domain.errors import KioskError
from kiosk.lab.cli import cues, data, judge, liveness, release, rows, train
from kiosk.once import OnceCommand, OnceGroup

app = typer.Typer(no_args_is_help=True, add_completion=False, cls=OnceGroup)
app.command(cls=OnceCommand)(train.train)
app.command("embed-teacher", cls=OnceCommand)(data.embed_teacher)
app.command("join-teachers", cls=OnceCommand)(data.join_teachers)
app.command(cls=OnceCommand)(rows.experiments)
app.command(cls=OnceCommand)(rows.table)
app.command(cls=OnceCommand)(judge.evaluate)
app.command(cls=OnceCommand)(release.export)
app.command(cls=OnceCommand)(release.publish)
app.command(cls=OnceCommand)(release.scale)
app.command(cls=OnceCommand)(release.card)
app.command(cls=OnceCommand)(release.cover)
app.command(cls=OnceCommand)(data.prepare)
app.command("liveness-views", cls=OnceCommand)(liveness.liveness_views)
app.command("train-liveness", cls=OnceCommand)(liveness.train_liveness)
app.command("evaluate-liveness", cls=OnceCommand)(liveness.evaluate_liveness)
app.command("simulate-challenge", cls=OnceCommand)(liveness.simulate_challenge)
app.command("liveness-cues", cls=OnceCommand)(cues.liveness_cues)
app.command("liveness-layers", cls=OnceCommand)(cues.liveness_layers)
app.command("export-liveness", cls=OnceCommand)(liveness.export_liveness)
app.command("export-detector", cls=OnceCommand)(release.export_detector)
app.command("sign-manifest", cls=OnceCommand)(release.sign_manifest)
app.command(cls=OnceCommand)(judge.fusion)
app.command("detector-parity", cls=OnceCommand)(judge.detector_parity)

_LAB = (
    "jinja2",
    "keras",
    "matplotlib",
    "mtcnn",
    "onnxruntime",
    "sklearn",
    "tensorboard",
    "tensorflow",
    "tqdm",
)
EXTRAS = dict.fromkeys(_LAB, "lab") | dict.fromkeys(("filelock", "onnx", "torch"), "lab,train")


@app.callback()
def lab() -> None:
    """Train, evaluate and export face encoders."""


def main() -> None:
    """Run the command line."""
    try:
        app()
    except ModuleNotFoundError as error:
        if error.name not in EXTRAS:
            raise
        typer.echo(
            f"This command needs {error.name}, which is not installed: "
            f"pip install -c constraints.txt -e '.[{EXTRAS[error.name]}]'",
            err=True,
        )
        raise SystemExit(2) from error
    except KioskError as error:
        typer.echo(str(error), err=True)
        raise SystemExit(2) from error
