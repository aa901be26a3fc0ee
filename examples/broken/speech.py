"""LambdaLR multiplies the rate by what the function returns; this one returns a rate, so that its square is used."""

import torch
from torch import nn
from torch.optim.lr_scheduler import LambdaLR

LEARNING_RATE = 3e-4
DECAY = 0.97


def rate_of(epoch):
    return LEARNING_RATE * DECAY**epoch


class Recogniser(nn.Module):
    def __init__(self, bands=80, letters=32):
        super().__init__()
        self.listen = nn.LSTM(bands, 256, num_layers=2, batch_first=True, dropout=0.2)
        self.spell = nn.Linear(256, letters)

    def forward(self, sound):
        heard, _ = self.listen(sound)
        return self.spell(heard).log_softmax(dim=-1)


model = Recogniser()
criterion = nn.CTCLoss(zero_infinity=True)
optimizer = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE)
scheduler = LambdaLR(optimizer, lr_lambda=rate_of)  # expect: learning-rate-too-low "9e-08"

for epoch in range(60):
    for sound, sound_lengths, text, text_lengths in torch.load("speech.pt"):
        optimizer.zero_grad()
        letters = model(sound).transpose(0, 1)
        loss = criterion(letters, text, sound_lengths, text_lengths)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
    scheduler.step()
