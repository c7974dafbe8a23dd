"""What takes seconds is done in a thread of its own, one after the other.

So a large manuscript takes the memory of one, and whatever else needs a thread for a moment (an
image, an import, a letter) does not stand in line behind it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
_ASIDE = ThreadPoolExecutor(1, thread_name_prefix="typesetting")


async def aside(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What `work` gives, or raises."""
    return await asyncio.get_running_loop().run_in_executor(_ASIDE, partial(work, *args, **kwargs))
