from torch import nn

PIXEL_LOSSES = {
    "bce": nn.BCELoss,
    "bce_logits": nn.BCEWithLogitsLoss,
}


def soft_dice(probs, mask, eps=1.0):
    inter = (probs * mask).sum(dim=(1, 2, 3))
    total = probs.sum(dim=(1, 2, 3)) + mask.sum(dim=(1, 2, 3))
    return 1 - ((2 * inter + eps) / (total + eps)).mean()


def make_criterion(pixel="bce", dice_weight=0.5):
    pixel_loss = PIXEL_LOSSES[pixel]()

    def criterion(scores, mask):
        a = pixel_loss(scores, mask)  # expect: logits-into-probability-loss
        b = soft_dice(scores.sigmoid(), mask)
        return (1 - dice_weight) * a + dice_weight * b

    return criterion
