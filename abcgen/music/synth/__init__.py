"""The sound of a tune, by numpy alone.

- `mixing`: the entry, `sound_of`: a performance as blocks of stereo samples;
- `voices`: eleven instruments and a drum, and the nearest to each General MIDI program;
- `sustained`, `struck`: how the tones of bowed and blown, and of plucked and struck ones are made;
- `spectrum`: frequencies, resonances and noise, of use to both;
- `tones`: tones kept for as long as they are likely to be heard again;
- `room`: the room in which all of it sounds.

Everything is computed from fixed numbers, so that a performance has the same samples every time.
"""
