from torch.nn import functional as F


def classification(out, graph):
    logits, _ = out
    return F.cross_entropy(logits[graph.train], graph.labels[graph.train])


def smoothness(out, graph):
    _, hidden = out
    return (hidden * (graph.laplacian @ hidden)).sum(dim=1).mean()


TERMS = {"classification": classification, "smoothness": smoothness}


class Objective:
    """Weighted sum of the terms that the settings name."""

    def __init__(self, weights):
        self.terms = [(weight, TERMS[name]) for name, weight in weights.items()]

    def __call__(self, out, graph):
        parts = [weight * term(out, graph) for weight, term in self.terms]
        total = sum(parts[1:], parts[0])
        total.backward()
        return total
