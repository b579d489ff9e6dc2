"""The array that the computations of the measures work on."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
