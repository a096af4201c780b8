"""What a network looks up in tables by the symbols that it reads, and adds up.

Each symbol has a vector, and a network reads their sum; and a plan says something of the next
characters by itself. As operations of an engine file, a hundred rows of small tables a step cost
as much as a layer of the network. So the engine file only keeps the tables, and they are looked up
here.

- `abcgen.model.lookup.tables`: the tables.
- `abcgen.model.lookup.plain`: looked up in numpy.
- `abcgen.model.lookup.compiled`: the same in C (`_lookup.c`), if there was a compiler when abcgen
  was installed.
"""
