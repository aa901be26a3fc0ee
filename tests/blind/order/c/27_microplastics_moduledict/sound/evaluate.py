import torch


@torch.inference_mode()
def confusion(nets, loader, classes):
    """Rows are the true polymer, columns the predicted one."""
    nets["encoder"].eval()
    table = torch.zeros(classes, classes, dtype=torch.long)
    for spectrum, polymer in loader:
        logits = nets["head"](nets["encoder"](spectrum))
        for true, guess in zip(polymer.tolist(), logits.argmax(1).tolist()):
            table[true, guess] += 1
    return table
