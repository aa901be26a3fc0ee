import yaml


def merge(base, extra):
    merged = dict(base)
    for key, value in extra.items():
        if isinstance(value, dict) and isinstance(merged.get(key), dict):
            merged[key] = merge(merged[key], value)
        else:
            merged[key] = value
    return merged


def load_config(*paths):
    cfg = {}
    for path in paths:
        with open(path, encoding="utf-8") as handle:
            cfg = merge(cfg, yaml.safe_load(handle))
    return cfg
