"""From models that Keras saved to specs, and from specs to other forms. Adding one is adding a file."""
