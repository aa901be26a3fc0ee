from pathlib import Path
from types import SimpleNamespace

import typer

from traffic.engine import Engine
from traffic.series import read

app = typer.Typer(add_completion=False)


def check_rate(value: float) -> float:
    if not 0 < value <= 1e-2:
        raise typer.BadParameter(f"{value} is no usable learning rate")
    return value


@app.command()
def train(
    csv: Path = typer.Argument(..., exists=True),
    column: str = typer.Option("vehicles"),
    lr: float = typer.Option(1e-3, "--lr", callback=check_rate),
    epochs: int = typer.Option(30, min=1, max=500),
) -> None:
    options = SimpleNamespace(lr=lr, epochs=epochs, decay=1e-4)
    train_loader, valid_loader = read(csv, column)
    engine = Engine(options)
    for epoch, error in enumerate(engine.fit(train_loader, valid_loader)):
        typer.echo(f"{epoch:3d}  {error:.4f}")


if __name__ == "__main__":
    app()
