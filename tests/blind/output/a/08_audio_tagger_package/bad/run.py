import torch
from torch.utils.data import DataLoader

from tagger import OBJECTIVES, TAGS, FrameTagger, SoundScenes


def precision_at_one(net: FrameTagger, loader: DataLoader) -> float:
    net.eval()
    hits = clips = 0.0
    with torch.inference_mode():
        for frames, tags in loader:
            best = net(frames)["clipwise"].argmax(dim=1, keepdim=True)
            hits += tags.gather(1, best).sum().item()
            clips += len(tags)
    return hits / clips


def main() -> None:
    torch.manual_seed(11)
    train = DataLoader(SoundScenes(3000, seed=1), batch_size=50, shuffle=True)
    val = DataLoader(SoundScenes(500, seed=2), batch_size=100)
    net = FrameTagger(bands=40, n_tags=len(TAGS))
    objective = OBJECTIVES["clip"]
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
    for epoch in range(15):
        net.train()
        for frames, tags in train:
            optimizer.zero_grad()
            loss = objective(net(frames), tags)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
            optimizer.step()
        print(f"epoch {epoch:2d}  precision@1 {precision_at_one(net, val):.3f}")


if __name__ == "__main__":
    main()
