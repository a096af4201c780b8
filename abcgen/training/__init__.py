"""A network trained: what it reads, epoch by epoch, and what a run leaves behind."""
