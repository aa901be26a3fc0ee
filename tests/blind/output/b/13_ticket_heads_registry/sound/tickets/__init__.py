from .heads import HeadOutput, build_head
from .network import TicketNet

__all__ = ["HeadOutput", "TicketNet", "build_head"]
