"""What every room uses: files, processes, the console, options, the guard of commands."""
