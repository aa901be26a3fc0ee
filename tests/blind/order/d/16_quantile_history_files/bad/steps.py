import torch


def train_step(model, criterion, optimizer, batch):
    window, realised = batch
    optimizer.zero_grad(set_to_none=True)
    loss = criterion(model(window), realised)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    return loss


@torch.inference_mode()
def validation_step(model, criterion, batch):
    window, realised = batch
    return criterion(model(window), realised)
