"""What every room leans on: files, processes, options, the guard of commands."""
