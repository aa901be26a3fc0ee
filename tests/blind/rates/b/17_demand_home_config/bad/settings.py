from __future__ import annotations

import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

USER_FILE = Path.home() / ".demandcast" / "train.json"


@dataclass
class Settings:
    lr: float
    batch_size: int
    epochs: int
    lags: int = 28

    def __post_init__(self) -> None:
        if self.lr <= 0:
            raise ValueError(f"lr is {self.lr}")
        if not 8 <= self.batch_size <= 512:
            raise ValueError(f"batch_size is {self.batch_size}")
        if self.epochs < 1:
            raise ValueError(f"epochs is {self.epochs}")

    @classmethod
    def load(cls, path: Path = USER_FILE) -> Settings:
        raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        known = {f.name for f in fields(cls)}
        return cls(**{key: value for key, value in raw.items() if key in known})
