"""The five live pages, one module each."""
