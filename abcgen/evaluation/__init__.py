"""How valid, how new, how likely and how like people's tunes tunes are."""
