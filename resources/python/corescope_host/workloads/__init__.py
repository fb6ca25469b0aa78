"""What is run: one module per workload, named as in the catalogue with _ for -."""
