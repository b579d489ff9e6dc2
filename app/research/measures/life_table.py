"""Life table: how much has happened by the end of each interval, where some could not be observed
to its end."""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


def cumulative(entering: Numbers, events: Numbers, withdrawn: Numbers) -> Numbers:
    """The share to whom each cause has happened by the end of each interval.

    `events` is by interval, cause and table; `withdrawn`, who left without any, by interval and
    table; `entering` by table. Who leaves in an interval counts as observed for half of it (Cutler
    and Ederer 1958); causes compete (Aalen and Johansen 1978).
    """
    found = np.zeros_like(events)
    left, surviving = entering, np.ones_like(entering)
    shares = np.zeros_like(events[0])
    for at, (of_interval, leaving) in enumerate(zip(events, withdrawn, strict=True)):
        happened = of_interval.sum(axis=0)
        exposed = np.maximum(left - leaving / 2, happened)
        # Where nobody is left nothing happens.
        rates = of_interval / np.where(exposed > 0, exposed, 1)
        shares = shares + surviving * rates
        found[at] = shares
        surviving = surviving * (1 - rates.sum(axis=0))
        left = left - happened - leaving
    return found
