"""New tunes: what is asked for, drawn character by character, written as a book."""
