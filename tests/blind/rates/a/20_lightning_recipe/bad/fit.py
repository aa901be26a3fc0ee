import lightning as L
import torch
from torch.utils.data import DataLoader, TensorDataset

from constants import RECIPE, SENTENCE, TAGS, VOCAB
from tagger import Tagger


def sentences(count: int, seed: int) -> TensorDataset:
    gen = torch.Generator().manual_seed(seed)
    words = torch.randint(0, VOCAB, (count, SENTENCE), generator=gen)
    before = torch.roll(words, 1, dims=1)
    tags = (words + before) % 2 * 4 + words % 5
    return TensorDataset(words, tags.clamp(max=TAGS - 1))


def main() -> None:
    L.seed_everything(5)
    train = DataLoader(sentences(32768, 1), batch_size=RECIPE.batch, shuffle=True)
    valid = DataLoader(sentences(2048, 2), batch_size=RECIPE.batch)
    trainer = L.Trainer(max_epochs=30, accumulate_grad_batches=RECIPE.accumulate, gradient_clip_val=1.0)
    trainer.fit(Tagger(), train, valid)


if __name__ == "__main__":
    main()
