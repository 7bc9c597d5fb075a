"""The command line. Every module here without a leading underscore is a command; a new file is a new one.

Commands parse options, call the pipeline and choose a renderer. Nothing else of the package prints.
"""

import gc
import importlib
import os
import pkgutil
import sys
from typing import NoReturn

import click

DEFECT = 3
"""Exit status for a defect of the tool itself."""
INTERRUPTED = 130


class _Commands(click.Group):
    """A group that imports a command when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        names = (info.name for info in pkgutil.iter_modules(__path__))
        return sorted(name for name in names if not name.startswith("_"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(f"{__name__}.{cmd_name}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command, or an error that names the nearest one."""
        name = args[0]
        if self.get_command(ctx, name) is None:
            from seqshape.wording import did_you_mean

            known = self.list_commands(ctx)
            near = did_you_mean(name, known)
            if not near and (os.path.exists(name) or name.endswith((".yaml", ".yml"))):
                near = f"; did you mean `seqshape inspect {name}`?"
            ctx.fail(f"no command `{name}`{near}")
        return super().resolve_command(ctx, args)


def _print_version(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if not value or ctx.resilient_parsing:
        return
    from seqshape import installed
    from seqshape.version import __version__

    keras = installed.version("keras") or "missing"
    tensorflow = installed.version("tensorflow") or installed.version("tensorflow_cpu") or "missing"
    python = ".".join(map(str, sys.version_info[:3]))
    click.echo(f"seqshape {__version__} (Keras {keras}, TensorFlow {tensorflow}, Python {python})")
    ctx.exit()


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Completion: see the README, or set _SEQSHAPE_COMPLETE=bash_source (zsh_source, fish_source).",
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Show the versions of seqshape, Keras and TensorFlow.",
)
def cli() -> None:
    """Shapes and parameter counts of Keras models, from a YAML layer spec.

    Write down the layers, and Keras itself says what comes out of each one:

    \b
      layers:
        - {name: chars, type: Input, shape: [64, 15]}
        - {name: gru, type: GRU, units: 16, return_sequences: true}
        - {name: logits, type: Dense, units: 15}

    \b
      seqshape inspect model.yaml
      seqshape inspect model.yaml --weights
      seqshape check specs/
      seqshape fix model.yaml
      seqshape sweep model.yaml --set H=16,32,64
      seqshape solve model.yaml --dim H --params 1M
      seqshape watch model.yaml
      seqshape layers GRU
      seqshape rule SEQ201
      seqshape inspect --help
    """


def main() -> NoReturn:
    """Runs the command line and ends the process, never with a traceback."""
    for name in ("stdout", "stderr"):  # closed by whoever started this: what is said goes nowhere
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
    gc.set_threshold(100_000, 20, 100)  # Keras brings a million objects; looking them over is slow
    try:
        status = cli.main(prog_name="seqshape", standalone_mode=False)
        sys.stdout.flush()
        sys.exit(status if isinstance(status, int) else 0)
    except (click.exceptions.Abort, KeyboardInterrupt):
        _interrupted()
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except BrokenPipeError:  # the reader has gone; nothing is left to say
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        _unwritten(error)
    except Exception as error:
        _defect(error)


def _interrupted() -> NoReturn:
    """Ends at once where a question is still being answered: TensorFlow cannot be stopped otherwise."""
    from seqshape.engine.patience import unfinished

    if unfinished():
        os._exit(INTERRUPTED)
    sys.exit(INTERRUPTED)


def _unwritten(error: OSError) -> NoReturn:
    """Standard output could not be written to: a full disk, a closed terminal."""
    from seqshape.cli._outputs import unwritten

    click.echo(f"Error: {unwritten(None, error)}", err=True)
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(2)


def _defect(error: Exception) -> NoReturn:
    """An error that no file should be able to cause."""
    if os.environ.get("SEQSHAPE_TRACEBACK"):
        raise error
    kind = type(error).__name__
    click.echo(
        f"Error: a defect of seqshape ({kind}: {error})\n"
        "Please report it, with the spec; SEQSHAPE_TRACEBACK=1 shows where it happened.",
        err=True,
    )
    sys.exit(DEFECT)
