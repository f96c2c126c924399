"""`python -m tests.bench`: how fast Potok is on this machine, written to build/bench.json."""
