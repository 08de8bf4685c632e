"""The encoder that ships, distilled on two cores or on a graphics processor."""

from __future__ import annotations

import os
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from kiosk.domain.errors import BadInput
from kiosk.lab.cli.options import Places, tiny_set
from kiosk.lab.training.config import TrainConfig

if TYPE_CHECKING:
    from kiosk.lab.training.run import Decay

SHIPPED = "efficientfacenet"

# glibc gives every large tensor back to the kernel and asks for it again at the next step; kept,
# a training step takes half the time.  One arena: the replicas' threads then share what is kept.
MALLOC = {
    "MALLOC_MMAP_THRESHOLD_": "4000000000",
    "MALLOC_TRIM_THRESHOLD_": "8000000000",
    "MALLOC_TOP_PAD_": "200000000",
    "MALLOC_ARENA_MAX": "1",
    "OMP_NUM_THREADS": "1",
}


def keep_memory() -> None:
    """Start this process over with MALLOC set: glibc reads it once, at the start."""
    if any(os.environ.get(k) != v for k, v in MALLOC.items()):
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], {**os.environ, **MALLOC})


def distil(
    config: TrainConfig,
    resume: bool,
    branch: str,
    decay: Decay | None,
    minutes: float | None,
    tiny: bool,
    places: Places,
) -> None:
    """Train it, or a branch of it, on two cores."""
    import numpy as np
    import torch

    from kiosk.lab.data.crops import check_same_held_out, save_split
    from kiosk.lab.data.training_set import training_set
    from kiosk.lab.networks.torch_twin import TorchEfficientFaceNet, read_weights
    from kiosk.lab.training import checkpoint
    from kiosk.lab.training.distil import Trainer
    from kiosk.lab.training.journal import Journal
    from kiosk.lab.training.kernels.fused import Kernels, build, fastest
    from kiosk.lab.training.run import run
    from kiosk.lab.training.teacher import EmbeddingCache, FileTeacher

    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    main = places.runs / SHIPPED
    if tiny:
        config = replace(tiny_set(config), blends=40, batch=8, warmup=2)
        main, minutes = places.runs / f"{SHIPPED}-tiny", min(minutes or 0.1, 0.1)
    folder = main / branch if branch else main
    if not (resume or branch or tiny) and (folder / "state.pt").exists():
        raise BadInput(
            f"{folder} holds a run of {SHIPPED} already: go on with it by --resume, or move it "
            "away to begin anew."
        )
    torch.manual_seed(config.seed)
    network = FileTeacher(places.teacher, 1)
    config = replace(config, dimension=network.dimension)
    crops, split = training_set(config, places.data, places.cache)
    cache = EmbeddingCache(crops, network, places.cache)
    if tiny:
        cache.fill(crops, network, np.concatenate([split.held_out[:60], split.train[:100]]))
    library = build(places.cache)
    kernels = Kernels(library, fastest()) if library else None
    typer.echo(
        f"Training with fused kernels, in {str(kernels.dtype).removeprefix('torch.')}."
        if kernels
        else "No C++ compiler builds the fused kernels: training without, at about half the speed."
    )
    model = TorchEfficientFaceNet(config.dimension, kernels)
    seen = read_weights(model, places.weights).images
    trainer = Trainer(config, crops, split, cache.values, model, cache.ready)
    trainer.images = seen
    own = folder / "state.pt"
    state = own if own.exists() else main / "state.pt"
    # A branch may also leave what ships: its run is lost with the machine, its weights are not.
    if resume or (branch and state.exists()):
        # Where it leaves, a branch may ask for something else.
        starts = bool(branch) and state != own
        found = checkpoint.load(state, config, free=("relations", "margin") if starts else ())
        check_same_held_out(crops, split, state.with_name("held_out.txt"))
        trainer.restore(found, same_branch=bool(branch) and not starts)
    folder.mkdir(parents=True, exist_ok=True)
    save_split(crops, split, folder / "held_out.txt")
    with closing(Journal(folder, config, trainer.images)) as journal:
        run(trainer, folder, config.size, decay, minutes, tick=journal.step, report=journal.line)


def distil_on_gpu(
    config: TrainConfig, rate: float, minutes: float, tiny: bool, places: Places, folder: Path
) -> None:
    """Train it on a graphics processor; leaves weights in `folder`, for `export`."""
    import torch

    from kiosk.lab.data.crops import save_split
    from kiosk.lab.data.training_set import training_set
    from kiosk.lab.networks.torch_twin import TorchEfficientFaceNet, Trained, packed, read_weights
    from kiosk.lab.release.export import write_arrays
    from kiosk.lab.release.publish import WEIGHTS_NAME
    from kiosk.lab.training.gpu.kernels import GpuKernels
    from kiosk.lab.training.gpu.teacher import OnnxNetwork
    from kiosk.lab.training.gpu.train import GpuTrainer, run
    from kiosk.lab.training.journal import add_line, write_config

    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if device.type == "cpu" and not tiny:
        raise BadInput(
            "--gpu needs a graphics processor that PyTorch can use, and there is none here; train "
            "without --gpu."
        )
    if (folder / WEIGHTS_NAME).exists() and not tiny:
        raise BadInput(
            f"{folder} holds trained weights already: give another name as --branch, or move it "
            "away; --backbone-weights goes on from them."
        )
    config = replace(config, blends=0, batch=2048, warmup=100)
    if tiny:
        config = replace(tiny_set(config), batch=8, warmup=2)
    torch.manual_seed(config.seed)
    network = OnnxNetwork(places.teacher)
    model = TorchEfficientFaceNet(network.dimension, GpuKernels())
    start = read_weights(model, places.weights)
    crops, split = training_set(config, places.data, places.cache)
    trainer = GpuTrainer(config, crops, split, network, model, device)
    trainer.images = start.images
    if not start.whole:
        trainer.begin_answers()
    folder.mkdir(parents=True, exist_ok=True)
    write_config(folder, config)
    save_split(crops, split, folder / "held_out.txt")

    def save() -> None:
        write_arrays(folder / WEIGHTS_NAME, packed(model, Trained(trainer.images, config.size)))

    def report(line: dict[str, Any]) -> None:
        typer.echo(" ".join(f"{k} {v}" for k, v in line.items()))
        add_line(folder, line)

    if tiny:
        run(trainer, 2, rate, save, report, look_every=1)
    else:
        run(trainer, 60 * minutes, rate, save, report)
