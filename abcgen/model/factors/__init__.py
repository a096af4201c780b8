"""What a factored network reads besides the character: its place in the bar, and echoes of others.

A network that reads characters alone spends its memory on counting, and still miscounts; and it
hardly remembers what was played four or eight bars before, which folk tunes repeat so often. All
this can be computed exactly from the text. So each character comes with factors, in the sense of a
factored language model (Bilmes and Kirchhoff, 2003): further symbols that the text so far decides.
The network learns a vector for each symbol and reads their sum.

- `abcgen.model.factors.lexing`: what a character adds to the time, and where bars and sections
  begin.
- `abcgen.model.factors.position`: which bar it is, and which earlier bars it is compared with.
- `abcgen.model.factors.layout`: the factors, and how they are numbered.
- `abcgen.model.factors.reader`: one text, read in plain Python.
- `abcgen.model.factors.readers`: many texts side by side, the same in C (`_readers.c`), if there
  was a compiler when abcgen was installed.

Nothing here requires a valid text: what a network draws without the mask is read as well.
"""
