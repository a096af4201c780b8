"""ABC as people write it, read: tunebooks, tunes, tokens, form, lengths, keys and chords."""
