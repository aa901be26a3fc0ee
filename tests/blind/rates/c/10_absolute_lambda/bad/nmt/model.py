import torch
from torch import nn


class Seq2Seq(nn.Module):
    def __init__(self, src_vocab, tgt_vocab, dim=256, pad=0):
        super().__init__()
        self.src_embed = nn.Embedding(src_vocab, dim, padding_idx=pad)
        self.tgt_embed = nn.Embedding(tgt_vocab, dim, padding_idx=pad)
        self.encoder = nn.GRU(dim, dim, batch_first=True)
        self.decoder = nn.GRU(dim, dim, batch_first=True)
        self.attend = nn.MultiheadAttention(dim, 4, dropout=0.1, batch_first=True)
        self.drop = nn.Dropout(0.2)
        self.project = nn.Linear(2 * dim, tgt_vocab)
        self.pad = pad

    def forward(self, src, tgt):
        memory, state = self.encoder(self.drop(self.src_embed(src)))
        hidden, _ = self.decoder(self.drop(self.tgt_embed(tgt)), state)
        context, _ = self.attend(hidden, memory, memory, key_padding_mask=src == self.pad)
        return self.project(self.drop(torch.cat([hidden, context], dim=-1)))
