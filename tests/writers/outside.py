"""Reads exported takes with other programs; run by an environment that holds those alone.

    python outside.py FOLDER OUT.json

FOLDER holds ``take.nc``, ``even.nc``, ``take.trc`` and ``take.mot``.
"""

import json
import sys
from pathlib import Path

import numpy as np
import opensim
import xarray
from movement.filtering import filter_by_confidence
from movement.kinematics import compute_speed, compute_velocity
from movement.validators.datasets import ValidPosesInputs


def read_movement(path: Path) -> dict:
    """Open a dataset, hold it against movement's own idea of poses, and work with it."""
    dataset = xarray.load_dataset(path)
    ValidPosesInputs.validate(dataset)
    wrist = dataset.position.sel(keypoints="left_wrist", individuals="id_0")
    sure = filter_by_confidence(dataset.position, dataset.confidence, threshold=0.5)
    return {
        "time": dataset.time.values.tolist(),
        "keypoints": [str(k) for k in dataset.keypoints.values],
        "space": [str(s) for s in dataset.space.values],
        "fps": dataset.attrs.get("fps"),
        "time_unit": dataset.attrs["time_unit"],
        "left_wrist": wrist.values.tolist(),
        "confidence": dataset.confidence.values[..., 0].tolist(),
        "speed": compute_speed(dataset.position).sel(keypoints="left_wrist").values[:, 0].tolist(),
        "velocity": list(compute_velocity(dataset.position).dims),
        "sure": int(np.isfinite(sure.values).sum()),
    }


def read_opensim(folder: Path) -> dict:
    """Read markers and angles as OpenSim's tools do."""
    markers = opensim.TimeSeriesTableVec3(str(folder / "take.trc"))
    column = markers.getDependentColumn("right_knee")
    knee = [[column[k][axis] for axis in range(3)] for k in range(markers.getNumRows())]
    angles = opensim.TimeSeriesTable(str(folder / "take.mot"))
    return {
        "time": list(markers.getIndependentColumn()),
        "labels": list(markers.getColumnLabels()),
        "units": markers.getTableMetaDataString("Units"),
        "right_knee": knee,
        "angles": list(angles.getColumnLabels()),
        "lateral_lean": angles.getDependentColumn("lateral_lean").to_numpy().tolist(),
        "degrees": bool(opensim.Storage(str(folder / "take.mot")).isInDegrees()),
    }


if __name__ == "__main__":
    folder, out = Path(sys.argv[1]), Path(sys.argv[2])
    told = {
        "movement": read_movement(folder / "take.nc"),
        "movement_even": read_movement(folder / "even.nc"),
        "opensim": read_opensim(folder),
    }
    out.write_text(json.dumps(told))
