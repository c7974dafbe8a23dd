"""What tests share: the real servers, processes of ours, and patience."""
