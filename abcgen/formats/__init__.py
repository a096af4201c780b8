"""A tune in other formats: MIDI."""
