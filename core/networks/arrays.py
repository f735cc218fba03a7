"""What leaves a network, as numpy has it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from torch import Tensor


def to_numpy(tensor: Tensor) -> NDArray[np.float32]:
    """A tensor of any device and dtype as float32 on the CPU."""
    array: NDArray[np.float32] = tensor.float().cpu().numpy()
    return array
