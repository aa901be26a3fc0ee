"""How long the axes of tensors are, as far as a program says it: seen through what divides a learning rate."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.run.programs import rates_of, training


def rate(setup: str, divisor: str, folder: Path) -> float | None:
    program = training(setup + f"\noptimizer = torch.optim.SGD(net.parameters(), lr=1.0 / {divisor})\n")
    return rates_of(program, folder)[0].given


@pytest.mark.parametrize(
    ("made", "rows"),
    [
        ("torch.randn(400, 8)", 400),
        ("torch.rand((400, 8))", 400),
        ("torch.zeros(size=[400, 8])", 400),
        ("torch.full((400,), 7.0)", 400),
        ("torch.randint(0, 26, (400,))", 400),
        ("torch.randn_like(torch.ones(400, 8))", 400),
        ("2 * torch.randn(400, 8) + torch.randn(400, 8)", 400),
        ("torch.randn(500, 8)[:400]", 400),
        ("torch.randn(500, 8)[100:]", 400),
        ("torch.randn(500, 8)[:-100, 2:4]", 400),
        ("torch.randn(500, 8)[::2]", 250),
        ("torch.randn(3, 500, 8)[0]", 500),
        ("torch.randn(3, 500, 8)[..., 0].T.sum()", None),
        ("torch.randn(500, 8)[None]", 1),
        ("torch.randn(26, 8)[torch.randint(0, 26, (400,))]", 400),
        ("torch.randn(500, 8)[torch.randn(500) > 0]", None),
        ("torch.randn(args.rows, 8)", None),
    ],
)
def test_the_first_axis(made: str, rows: int | None, tmp_path: Path) -> None:
    parser = "parser = argparse.ArgumentParser()\nparser.add_argument('--rows', type=int, default=3)\n"
    setup = f"{parser}args = parser.parse_args()\nx = {made}"
    expected = None if rows is None else 1.0 / rows
    assert rate(setup, "len(x)", tmp_path) == expected
    assert rate(setup, "x.shape[0]", tmp_path) == expected


def test_the_length_of_a_data_set(tmp_path: Path) -> None:
    setup = "from torch.utils.data import TensorDataset\nx, y = torch.randn(500, 8), torch.randint(0, 9, (500,))\n"
    assert rate(setup + "data = TensorDataset(x[:400], y[:400])", "len(data)", tmp_path) == 1 / 400
