import copy
import json
from pathlib import Path

import torch
import torch.nn.functional as F

from graphs import block_model
from nets import build


def load_settings(name: str) -> dict:
    everything = json.loads(Path(__file__).with_name("settings.json").read_text())
    return {**everything["common"], **everything.get(name, {})}


def score(net, features, adjacency, labels, index) -> float:
    net.eval()
    with torch.no_grad():
        guess = net(features, adjacency)[index].argmax(dim=1)
    return (guess == labels[index]).float().mean().item()


def main(name: str = "citations") -> None:
    torch.manual_seed(0)
    opts = load_settings(name)
    features, adjacency, labels, masks = block_model()
    net = build(features.shape[1], 5, opts)
    optimizer = torch.optim.Adam(
        net.parameters(), weight_decay=opts["weight_decay"],
        lr=opts["lr"],  # expect: learning-rate-too-high
    )
    best, best_state = 0.0, copy.deepcopy(net.state_dict())
    for epoch in range(opts["epochs"]):
        net.train()
        optimizer.zero_grad()
        logits = net(features, adjacency)
        loss = F.cross_entropy(logits[masks["train"]], labels[masks["train"]])
        loss.backward()
        optimizer.step()
        valid = score(net, features, adjacency, labels, masks["valid"])
        if valid > best:
            best, best_state = valid, copy.deepcopy(net.state_dict())
    net.load_state_dict(best_state)
    print(f"valid {best:.3f}  test {score(net, features, adjacency, labels, masks['test']):.3f}")


if __name__ == "__main__":
    main()
