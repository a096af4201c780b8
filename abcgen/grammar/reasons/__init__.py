"""Why a character cannot follow, in words: in the header, at bar lines, within a bar."""
