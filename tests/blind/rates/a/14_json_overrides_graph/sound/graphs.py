import torch


def normalized_adjacency(edges: torch.Tensor) -> torch.Tensor:
    loops = edges + torch.eye(edges.shape[0])
    inv_sqrt = loops.sum(dim=1).rsqrt()
    return inv_sqrt.unsqueeze(1) * loops * inv_sqrt.unsqueeze(0)


def block_model(n_nodes: int = 900, n_classes: int = 5, n_features: int = 60, seed: int = 1):
    gen = torch.Generator().manual_seed(seed)
    labels = torch.randint(0, n_classes, (n_nodes,), generator=gen)
    same = labels.unsqueeze(0) == labels.unsqueeze(1)
    chance = torch.where(same, torch.tensor(0.03), torch.tensor(0.003))
    upper = torch.triu(torch.rand(n_nodes, n_nodes, generator=gen) < chance, diagonal=1).float()
    centres = torch.randn(n_classes, n_features, generator=gen)
    features = 0.3 * centres[labels] + torch.randn(n_nodes, n_features, generator=gen)
    order = torch.randperm(n_nodes, generator=gen)
    masks = {"train": order[:200], "valid": order[200:500], "test": order[500:]}
    return features, normalized_adjacency(upper + upper.T), labels, masks
