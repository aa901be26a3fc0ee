import torch

from skycast import Config, fit


def main() -> None:
    torch.manual_seed(0)
    model = fit(Config(hidden=48))
    torch.save(model.state_dict(), "station.pt")


if __name__ == "__main__":
    main()
