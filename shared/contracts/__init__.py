"""The published language: what each service tells the others, as frozen models with goldens."""
