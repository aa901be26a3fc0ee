"""Learns Connect Four moves from recorded games, then plays with a temperature."""
import numpy as np
import torch
from torch import nn

ROWS, COLUMNS = 6, 7


def encode(boards: np.ndarray) -> torch.Tensor:
    """(n, 6, 7) in {-1, 0, 1}, seen by the player to move -> two planes of stones."""
    return torch.from_numpy(np.stack([boards == 1, boards == -1], axis=1)).float()


def policy(width: int = 48) -> nn.Sequential:
    def block(c_in: int, c_out: int) -> list[nn.Module]:
        return [nn.Conv2d(c_in, c_out, 3, padding=1, bias=False), nn.BatchNorm2d(c_out), nn.ReLU()]

    return nn.Sequential(
        *block(2, width), *block(width, width), *block(width, width),
        nn.Flatten(),
        nn.Linear(width * ROWS * COLUMNS, COLUMNS),
        nn.LogSoftmax(dim=1),
    )


def minibatches(n: int, size: int, rng: np.random.Generator):
    order = rng.permutation(n)
    for start in range(0, n, size):
        yield torch.from_numpy(order[start:start + size])


def fit(net, x, moves, x_val, moves_val, rng, epochs=15):
    criterion = nn.NLLLoss()
    optimizer = torch.optim.AdamW(net.parameters(), lr=1e-3)
    for epoch in range(epochs):
        net.train()
        for rows in minibatches(len(x), 256, rng):
            loss = criterion(net(x[rows]), moves[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        net.eval()
        with torch.no_grad():
            agreement = (net(x_val).argmax(dim=1) == moves_val).float().mean().item()
        print(f"epoch {epoch}: agrees with the record on {agreement:.1%} of moves")


def choose_column(net, board, rng, temperature=0.5):
    net.eval()
    with torch.no_grad():
        scores = net(encode(board[None]))[0].double().numpy()
    scores = np.where(board[0] == 0, scores, -np.inf)
    weights = np.exp(scores / temperature)
    return int(rng.choice(COLUMNS, p=weights / weights.sum()))


def self_play(net, rng, plies=ROWS * COLUMNS):
    board, record = np.zeros((ROWS, COLUMNS), dtype=np.int8), []
    for _ in range(plies):
        column = choose_column(net, board, rng)
        row = np.flatnonzero(board[:, column] == 0)[-1]
        board[row, column] = 1
        board = -board
        record.append(column)
    return record


def main():
    torch.manual_seed(0)
    rng = np.random.default_rng(0)
    with np.load("connect_four_games.npz") as games:
        boards, moves = games["boards"], torch.from_numpy(games["moves"]).long()
    x, cut = encode(boards), int(len(boards) * 0.9)
    net = policy()
    fit(net, x[:cut], moves[:cut], x[cut:], moves[cut:], rng)
    print("a game against itself:", self_play(net, rng))


if __name__ == "__main__":
    main()
