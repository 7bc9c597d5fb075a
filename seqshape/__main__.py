"""`python -m seqshape`: the command."""

from seqshape.cli import main

if __name__ == "__main__":
    main()
