"""What a factored network reads besides the character: the bar it is in, and the echo of others.

A network that reads characters alone spends its memory on counting, and still miscounts; and of
what was played four or eight bars before, of which folk tunes repeat so much, it keeps a blur. All
this can be said of a text exactly. So each character comes with factors, in the sense of a
factored language model (Bilmes and Kirchhoff, 2003): further symbols that the text before decides.
The network learns a vector for each and reads their sum.

- `abcgen.model.factors.lexing`: what a character adds to the time, and where bars and sections
  begin.
- `abcgen.model.factors.position`: which bar it is, and which bars it is to be compared with.
- `abcgen.model.factors.layout`: the factors, and how they are numbered.
- `abcgen.model.factors.reader`: one text, read in plain Python.
- `abcgen.model.factors.readers`: many texts side by side, the same in C (`_readers.c`), where
  there was a compiler when abcgen was installed.

Nothing here asks whether a text is valid: what a network draws without the mask is read as well.
"""
