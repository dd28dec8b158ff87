"""Types of the arrays that the features are made of."""

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.intp]
Array = npt.NDArray[Any]
