"""Lift the float32 rounding that families write into their norms and softmaxes.

Most families compute these in float32 even when the weights are float64. That hides whether a
decomposition is exact or only nearly so: with the rounding lifted, it must hold to 1e-12.
"""

from typing import Any

import torch
from torch.overrides import TorchFunctionMode


class KeepDoublePrecision(TorchFunctionMode):
    """While active, nothing that is float64 is ever rounded to float32."""

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = dict(kwargs or {})
        doubles = any(isinstance(arg, torch.Tensor) and arg.dtype == torch.float64 for arg in args)
        if doubles:
            if func is torch.Tensor.float:
                return args[0]
            args = tuple(torch.float64 if arg is torch.float32 else arg for arg in args)
            if kwargs.get("dtype") is torch.float32:
                kwargs["dtype"] = torch.float64
        return func(*args, **kwargs)
