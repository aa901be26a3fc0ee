"""What the device is told: a keyword and how sure we are."""
import numpy as np


def confidence(scores, temperature=1.0):
    weight = np.exp(scores / temperature)
    return weight / weight.sum(axis=-1, keepdims=True)


def report(scores, keywords, limit=0.8, temperature=1.0):
    sure = confidence(scores, temperature)
    best = sure.argmax(axis=-1)
    for row, (index, level) in enumerate(zip(best, sure.max(axis=-1))):
        answer = keywords[index] if level >= limit else "(unsure)"
        print(f"clip {row:3d}: {answer:10s} {level:.2f}")
