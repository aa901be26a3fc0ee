from torch import nn


class TopicLSTM(nn.Module):
    def __init__(self, vocabulary, topics, width=64):
        super().__init__()
        self.embed = nn.Embedding(vocabulary, width, padding_idx=0)
        self.lstm = nn.LSTM(width, width, batch_first=True, bidirectional=True)
        self.drop = nn.Dropout(0.5)
        self.out = nn.Linear(2 * width, topics)

    def forward(self, tokens):
        states, _ = self.lstm(self.drop(self.embed(tokens)))
        return self.out(self.drop(states.mean(dim=1)))
