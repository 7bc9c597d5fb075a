"""The installed Keras: which it is, and how it is imported.

In silence, with every GPU hidden, at the first need alone; then the plugins, which register layers.
"""

import contextlib
import gc
import importlib
import io
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from seqshape import installed

if TYPE_CHECKING:
    from seqshape.engine.judge import Judge
    from seqshape.engine.quiet import Chatter
    from seqshape.engine.remembering import Remembering
    from seqshape.faults import Fault

LEAST_KERAS = (3, 8)


class KerasUnavailable(Exception):
    """Keras cannot be asked here; `fault` says why."""

    def __init__(self, fault: "Fault") -> None:
        super().__init__(type(fault).__name__)
        self.fault = fault


class NotRemembered(Exception):
    """No run has asked this before, and Keras is not to be asked here."""


def versions() -> tuple[str, str]:
    """The installed Keras and TensorFlow.

    Raises:
        KerasUnavailable: one is missing, or Keras is too old.

    """
    keras = installed.version("keras")
    tensorflow = installed.version("tensorflow") or installed.version("tensorflow_cpu")
    if keras is None or tensorflow is None:
        from seqshape.faults import KerasMissing
        from seqshape.places import TOP

        missing = "Keras" if keras is None else "TensorFlow"
        raise KerasUnavailable(KerasMissing(TOP, f"{missing} is not installed"))
    parts = tuple(int(part) for part in keras.split(".")[:2] if part.isdecimal())
    if parts < LEAST_KERAS:
        from seqshape.faults import KerasTooOld
        from seqshape.places import TOP

        least = ".".join(map(str, LEAST_KERAS))
        raise KerasUnavailable(KerasTooOld(TOP, keras, least))
    return keras, tensorflow


class Installed:
    """The installed Keras, imported at the first need; a failure is the same at every later one.

    `memory` is told of the import: what it reads counts for the answers that are remembered. Where `alone`,
    the process is there for this alone: what the import leaves is kept out of every later
    garbage collection, which then takes a tenth less of the time that Keras is asked.
    """

    def __init__(
        self,
        cache: Path,
        plugins: Sequence[str],
        folder: Path,
        memory: "Callable[[], Remembering | None]",
        *,
        alone: bool,
    ) -> None:
        self._cache = cache
        self._plugins = tuple(plugins)
        self._folder = folder
        self._memory = memory
        self._alone = alone
        self._left_alone = False
        self._failed: KerasUnavailable | None = None
        self._judge: Judge | None = None
        self._chatter: Chatter | None = None

    def judge(self) -> "Judge":
        """What answers questions; imports Keras.

        Raises:
            KerasUnavailable: Keras is missing, too old, or cannot be imported, or a plugin cannot.
            NotRemembered: it is to be left alone.

        """
        if self._left_alone:
            raise NotRemembered
        if self._judge is not None:
            return self._judge
        if self._failed is not None:
            raise self._failed
        try:
            versions()
            self._judge = self._imported()
        except KerasUnavailable as failed:
            self._failed = failed
            raise
        return self._judge

    @contextlib.contextmanager
    def left_alone(self) -> Iterator[None]:
        """Has `judge` raise `NotRemembered` inside the block, imported or not."""
        before, self._left_alone = self._left_alone, True
        try:
            yield
        finally:
            self._left_alone = before

    def silence(self) -> contextlib.AbstractContextManager[None]:
        """Keeps to itself what TensorFlow writes inside the block; Keras was imported."""
        assert self._chatter is not None
        return self._chatter.swallowed()

    def _imported(self) -> "Judge":
        from seqshape.engine.messages import clean
        from seqshape.engine.quiet import Chatter

        remembering = self._memory()
        if remembering is not None:
            remembering.importing()
        self._chatter = Chatter()
        if "tensorflow" not in sys.modules:
            _prepare(self._cache)
        try:
            with self.silence(), _uncollected(self._alone):
                from seqshape.engine.judge import Judge
        except Exception as error:
            from seqshape.faults import KerasBroken
            from seqshape.places import TOP

            raise KerasUnavailable(KerasBroken(TOP, clean(error), self._chatter.text())) from error
        before = set(sys.modules)
        with self.silence():
            self._import_plugins()
        if remembering is not None:
            remembering.imported(set(sys.modules) - before)
        return Judge()

    def _import_plugins(self) -> None:
        """Imports the plugins; the first one that fails is the reason why no question is answered.

        Their folder comes last on the path and stays there: it hides nothing that is installed.
        """
        from seqshape.engine.messages import import_failure

        folder = str(self._folder)
        if self._plugins and folder not in sys.path:
            sys.path.append(folder)
        for module in self._plugins:
            try:
                with contextlib.redirect_stdout(io.StringIO()):  # results alone are printed there
                    importlib.import_module(module)
            except KeyboardInterrupt:
                raise
            except BaseException as error:
                from seqshape.faults import PluginFails
                from seqshape.places import TOP

                raise KerasUnavailable(PluginFails(TOP, module, import_failure(error))) from error


@contextlib.contextmanager
def _uncollected(for_good: bool) -> Iterator[None]:
    """Without garbage collection, which finds nothing in an import and takes a fifth of its time.

    Where `for_good`, nothing that is there at the end is looked at by it again.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if for_good:
            gc.freeze()
        if enabled:
            gc.enable()


def _prepare(cache: Path) -> None:
    """The environment that TensorFlow and Keras read while they are imported.

    Keras writes a settings file into the home folder where there is none; it is sent to the cache
    folder instead, anew each time, so that none but Keras's own are in force. A settings file that the
    user has is left in force.
    """
    os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
    os.environ["KERAS_BACKEND"] = "tensorflow"
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    home = os.environ.get("KERAS_HOME") or os.path.join(os.path.expanduser("~"), ".keras")
    if not os.path.exists(os.path.join(home, "keras.json")):
        os.environ["KERAS_HOME"] = str(cache / "keras")
        with contextlib.suppress(OSError):
            (cache / "keras" / "keras.json").unlink()
