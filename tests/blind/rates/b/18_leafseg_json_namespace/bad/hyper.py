import json
from pathlib import Path
from types import SimpleNamespace


def load(name="config.json"):
    with open(Path(__file__).with_name(name)) as handle:
        hp = SimpleNamespace(**json.load(handle))
    # the rate grows with the batch
    hp.lr = hp.base_lr * (hp.batch_size // hp.reference_batch)
    return hp
