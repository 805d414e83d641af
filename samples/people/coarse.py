"""A body of fewer triangles, for benchmarks that draw many pictures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from people.body import Body

Array = NDArray[np.float64]

_FINE = ("head", "neck", "hand", "foot")
_FINE_M, _COARSE_M = 0.012, 0.03


def coarsen(body: Body, colour: Array) -> tuple[Body, Array]:
    """Return the body with near vertices of one part made one, and its faces' colours.

    The model sees the same: what the pictures lose is smaller than their pixels three metres away.

    Parameters
    ----------
    body : Body
    colour : (faces, 3) array
    """
    main = body.weight_joint[np.arange(len(body.vertices)), body.weight.argmax(axis=1)]
    fine = np.array([name.rstrip("LR") in _FINE for name in body.names])
    cell = np.where(fine[main], _FINE_M, _COARSE_M)
    place = np.floor(body.vertices / cell[:, None]).astype(int)
    keys = np.concatenate([main[:, None], place], axis=1)
    _, first, new = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    faces = new.reshape(-1)[body.faces]
    whole = (
        (faces[:, 0] != faces[:, 1]) & (faces[:, 1] != faces[:, 2]) & (faces[:, 2] != faces[:, 0])
    )
    _, once = np.unique(np.sort(faces, axis=1), axis=0, return_index=True)
    kept = np.intersect1d(np.flatnonzero(whole), once)
    out = replace(
        body,
        vertices=body.vertices[first],
        faces=faces[kept],
        weight_joint=body.weight_joint[first],
        weight=body.weight[first],
    )
    return out, colour[kept]
