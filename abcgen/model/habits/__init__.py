"""Habits of people's tunes that drawn ones lack: how melodies move, sections end, chords change."""
