"""Bake bodies from the parametric model `anny` into small files, once.

Needs ``anny==0.6.2`` and ``torch==2.13.0`` (not among the project's dependencies: only this script
uses them, and its results are kept). Everything after it is numpy.

    python samples/people/bake.py
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

BODIES: dict[str, dict[str, float]] = {
    "ada": {"gender": 1.0, "age": 0.75, "muscle": 0.45, "weight": 0.55, "height": 0.4},
    "ben": {"gender": 0.0, "age": 0.6, "muscle": 0.55, "weight": 0.5, "height": 0.42},
    "cleo": {"gender": 1.0, "age": 0.6, "muscle": 0.5, "weight": 0.35, "height": 0.47},
    "dirk": {"gender": 0.0, "age": 0.9, "muscle": 0.4, "weight": 0.8, "height": 0.36},
    "emma": {"gender": 1.0, "age": 0.85, "muscle": 0.4, "weight": 0.75, "height": 0.3},
    "finn": {"gender": 0.0, "age": 0.62, "muscle": 0.75, "weight": 0.4, "height": 0.52},
}

# A joint of the small rig and the bone of the model whose head it is.
JOINTS: tuple[tuple[str, str, str | None], ...] = (
    ("pelvis", "root", None),
    ("spine", "spine04", "pelvis"),
    ("chest", "spine02", "spine"),
    ("neck", "neck01", "chest"),
    ("head", "head", "neck"),
    *(
        item
        for s in "LR"
        for item in (
            (f"clavicle{s}", f"clavicle.{s}", "chest"),
            (f"arm{s}", f"upperarm01.{s}", f"clavicle{s}"),
            (f"forearm{s}", f"lowerarm01.{s}", f"arm{s}"),
            (f"hand{s}", f"wrist.{s}", f"forearm{s}"),
            (f"thigh{s}", f"upperleg01.{s}", "pelvis"),
            (f"shin{s}", f"lowerleg01.{s}", f"thigh{s}"),
            (f"foot{s}", f"foot.{s}", f"shin{s}"),
        )
    ),
)


def bake(name: str, folder: Path) -> Path:
    """Write one body: rest vertices, faces, four weights a vertex, joints and face points."""
    import anny
    import torch

    model = anny.create_fullbody_model()
    given = {k: torch.tensor([v]) for k, v in {**BODIES[name], "proportions": 0.5}.items()}
    with torch.no_grad():
        out = model(phenotype_kwargs=given)
        regressor = anny.KeypointsRegressor.coco(model)
        coco = regressor(out)[0].numpy()
    labels, parents = list(model.bone_labels), [int(p) for p in model.bone_parents]
    small = [j[0] for j in JOINTS]
    of_bone = {bone: k for k, (_, bone, _) in enumerate(JOINTS)}

    def owner(bone: int) -> int:
        while bone >= 0:
            if labels[bone] in of_bone:
                return of_bone[labels[bone]]
            bone = parents[bone]
        return 0

    owners = np.array([owner(b) for b in range(len(labels))])
    weights, bones = model.vertex_bone_weights.numpy(), model.vertex_bone_indices.numpy()
    full = np.zeros((len(weights), len(JOINTS)))
    for k in range(weights.shape[1]):
        np.add.at(full, (np.arange(len(weights)), owners[bones[:, k].astype(int)]), weights[:, k])
    top = np.argsort(-full, axis=1)[:, :4]
    share = np.take_along_axis(full, top, axis=1)
    share /= share.sum(axis=1, keepdims=True)

    def turn(p: np.ndarray) -> np.ndarray:
        """Turn the model, which looks along -y with z up: left is +x, up +y, front +z."""
        return np.stack([p[..., 0], p[..., 2], -p[..., 1]], axis=-1)

    heads = turn(out["rest_bone_heads"][0].numpy())
    joints = np.stack([heads[labels.index(bone)] for _, bone, _ in JOINTS])
    path = folder / f"{name}.npz"
    np.savez_compressed(
        path,
        vertices=turn(out["rest_vertices"][0].numpy()).astype(np.float16),
        faces=model.get_triangular_faces().numpy().astype(np.uint16),
        weight_joint=top.astype(np.uint8),
        weight=np.round(share * 255).astype(np.uint8),
        joints=joints.astype(np.float32),
        joint_names=np.array(small),
        parents=np.array([-1 if p is None else small.index(p) for *_, p in JOINTS], np.int8),
        coco=turn(coco).astype(np.float32),
        coco_names=np.array(list(regressor.labels)),
        phenotype=np.array([f"{k}={v}" for k, v in BODIES[name].items()]),
    )
    return path


if __name__ == "__main__":
    for body in BODIES:
        written = bake(body, Path(__file__).with_name("bodies"))
        print(f"{written.name}: {written.stat().st_size // 1000} kB")
