"""A spec at many sizes: what is tried, what Keras says of each combination, and how that is shown.

Nothing is imported here: the command line needs the values of an option alone.
"""
