from torch.utils.data import DataLoader

from surrogate import AccelerationNet, Fitter, PendulumStates


def main():
    train = DataLoader(PendulumStates(8000, seed=1), batch_size=128, shuffle=True)
    held_out = DataLoader(PendulumStates(2000, seed=2), batch_size=500)
    fitter = Fitter(AccelerationNet())
    for epoch in range(20):
        loss = fitter.epoch(train)
        print(f"{epoch:2d} train {loss:.4f} worst held-out error {fitter.error(held_out):.3f}")


if __name__ == "__main__":
    main()
