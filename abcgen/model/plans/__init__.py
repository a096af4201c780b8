"""Plans of tunes: read off people's tunes, learned as a small model, drawn before a tune."""
