import torch
import torch.nn as nn

N_MELS, N_PHONES = 80, 42  # index 0 is the CTC blank


class Acoustic(nn.Module):
    def __init__(self, hidden=160):
        super().__init__()
        self.front = nn.Sequential(
            nn.Conv1d(N_MELS, hidden, 5, stride=2, padding=2), nn.GELU()
        )
        self.norm = nn.LayerNorm(hidden)
        self.rnn = nn.GRU(hidden, hidden, num_layers=2, dropout=0.2, batch_first=True, bidirectional=True)
        self.out = nn.Linear(2 * hidden, N_PHONES)

    def forward(self, mels):
        h = self.front(mels).transpose(1, 2)
        h, _ = self.rnn(self.norm(h))
        return self.out(h).log_softmax(dim=-1).transpose(0, 1)  # (T, N, C) as CTC wants it


class Utterances(torch.utils.data.Dataset):
    def __init__(self, n, seed):
        g = torch.Generator().manual_seed(seed)
        self.mels = torch.randn(n, N_MELS, 200, generator=g)
        self.phones = torch.randint(1, N_PHONES, (n, 20), generator=g)

    def __len__(self):
        return len(self.mels)

    def __getitem__(self, i):
        return self.mels[i], self.phones[i]
