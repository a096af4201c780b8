from benchmarks.speed.bound import weight_bytes


def test_a_step_reads_all_matrices_and_of_the_embedding_a_few_rows() -> None:
    tensors = [((2000, 96), True), ((1024, 512), True), ((1024,), True), ((128, 256), False)]
    assert weight_bytes(tensors, symbols=2000, read=12) == 12 * 96 + 1024 * 512
