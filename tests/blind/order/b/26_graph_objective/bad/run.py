import torch

from graph import GCN, communities
from objective import Objective

SETTINGS = {"hidden": 32, "lr": 5e-3, "epochs": 120, "weights": {"classification": 1.0, "smoothness": 1e-3}}


@torch.no_grad()
def accuracy(model, graph, mask):
    model.eval()
    logits, _ = model(graph)
    return (logits.argmax(dim=1)[mask] == graph.labels[mask]).float().mean().item()


def main(settings):
    torch.manual_seed(1)
    graph = communities()
    model = GCN(16, settings["hidden"], n_classes=4)
    objective = Objective(settings["weights"])
    optimizer = torch.optim.Adam(model.parameters(), lr=settings["lr"], weight_decay=5e-4)
    for epoch in range(settings["epochs"]):
        model.train()
        optimizer.zero_grad()
        loss = objective(model(graph), graph)
        optimizer.step()  # expect: missing-backward
        if epoch % 20 == 0:
            print(f"{epoch:3d} loss {loss.item():.4f} valid {accuracy(model, graph, graph.valid):.3f}")


if __name__ == "__main__":
    main(SETTINGS)
