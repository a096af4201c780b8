"""All that sampling needs of a network: vocabulary, recipe, checkpoint, factors, engine."""
