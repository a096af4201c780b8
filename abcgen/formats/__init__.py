"""A tune in other formats, written, played or read: MIDI, sound, MusicXML, MEI, scores."""
