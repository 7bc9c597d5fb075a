"""The engine: one question in, facts or a refusal out.

Keras is imported at the first question that nobody remembers, in silence, with every GPU hidden.
What comes out is plain data; no object of Keras leaves this package.
"""

import contextlib
import importlib
import io
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, cast

from seqshape.engine import catalogue_store, installed
from seqshape.engine.catalogue import Catalogue, Type
from seqshape.engine.memo import Memo
from seqshape.engine.question import Answer, Call, Cost, Given, OutOfTime, Question, Refusal, World
from seqshape.faults import Fault, KerasBroken, KerasMissing, KerasTooOld, PluginFails
from seqshape.places import TOP

if TYPE_CHECKING:
    from seqshape.engine.automatic import Automatic
    from seqshape.engine.documentation import Page
    from seqshape.engine.experiment import Experiment, Failure, Outcome
    from seqshape.engine.judge import Judge
    from seqshape.engine.quiet import Chatter
    from seqshape.engine.remembering import Remembering
    from seqshape.engine.samples import Found
    from seqshape.engine.steps import Steps

LEAST_KERAS = (3, 8)


class KerasUnavailable(Exception):
    """Keras cannot be asked here; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(type(fault).__name__)
        self.fault = fault


class Undescribed(Exception):
    """Keras cannot say how a layer is written; the message is its own."""


class Engine:
    """Asks Keras, remembers answers, and knows the catalogue.

    `cache` is the folder where answers are kept from run to run, the user's own where it is None; none are
    read or kept where not to `remember`. `plugins` are modules to import right after Keras, which register
    layers of the host's own; what is not installed is looked for in `folder`, the working directory where
    it is None. What is new is written by `flush` and by `close`.
    """

    def __init__(
        self,
        cache: Path | None = None,
        plugins: Sequence[str] = (),
        folder: Path | None = None,
        *,
        remember: bool = True,
    ) -> None:
        self._cache = cache if cache is not None else catalogue_store.cache_folder()
        self._remember = remember
        self._remembering: Remembering | None = None
        self._plugins = tuple(plugins)
        self._folder = folder
        self._failed: KerasUnavailable | None = None
        self._catalogue: Catalogue | None = None
        self._pages: dict[str, Page] | None = None
        self._samples: dict[str, Found] | None = None
        self._registered: dict[str, tuple[Type, Page]] | None = None
        self._judge: Judge | None = None
        self._chatter: Chatter | None = None
        self._memo = Memo(self._ask)
        self._told: dict[tuple[object, ...], object] = {}
        self._costs: dict[str, Cost | Refusal] = {}
        self._slots: dict[tuple[str, str, tuple[int, ...], str], int | None] = {}
        self._end: Callable[[], float] = lambda: inf

    @contextlib.contextmanager
    def until(self, end: Callable[[], float]) -> Iterator[None]:
        """Asks nothing after a time of `time.monotonic`, and waits no longer for an answer."""
        before, self._end = self._end, end
        try:
            yield
        finally:
            self._end = before

    @property
    def cache(self) -> Path:
        """The folder where answers are kept from one run to the next."""
        return self._cache

    def catalogue(self) -> Catalogue:
        """The installed Keras's types: from the cache folder, else from Keras, which is imported.

        Raises:
            KerasUnavailable: Keras is missing, too old, or cannot be imported.

        """
        if self._catalogue is None:
            keras, tensorflow = self._versions()
            if self._remember:
                self._catalogue = catalogue_store.load(self._cache, keras, tensorflow)
        if self._catalogue is None:
            self._load()
            from seqshape.engine import describe

            self._catalogue = describe.catalogue(tensorflow)
            if self._remember:
                catalogue_store.save(self._cache, self._catalogue)
        return self._catalogue

    def pages(self) -> "dict[str, Page]":
        """What the installed Keras says of its types: from the cache folder, else from Keras.

        Raises:
            KerasUnavailable: Keras is missing, too old, or cannot be imported.

        """
        from seqshape.engine import documentation

        if self._pages is None:
            versions = self._versions()
            if self._remember:
                self._pages = documentation.load(self._cache, *versions)
            if self._pages is None:
                self._load()
                from seqshape.engine import documenting

                self._pages = documenting.pages()
                if self._remember:
                    documentation.save(self._cache, self._pages, *versions)
        return self._pages

    def sample(self, name: str) -> "Found":
        """A small spec that works for a type of the catalogue or of a plugin, or why there is none.

        Raises:
            KerasUnavailable: Keras is missing, too old, or cannot be imported, or a plugin cannot.

        """
        from seqshape.engine import sample_store, samples

        custom = self.registered().get(name)
        if self._samples is None:
            self._samples = sample_store.load(self._cache, *self._versions())
        if name not in self._samples:
            type_, page = custom or (self.catalogue().types[name], self.pages().get(name))
            if page is None:
                return type_.needs_code
            found = samples.sample(type_, page, self.catalogue(), self.ask)
            if custom is not None:
                return found
            self._samples[name] = found
            sample_store.save(self._cache, self._samples, *self._versions())
        return self._samples[name]

    def registered(self) -> "dict[str, tuple[Type, Page]]":
        """The layers that plugins register, by type; without a plugin Keras is not imported for it.

        Raises:
            KerasUnavailable: Keras is missing, too old, or cannot be imported, or a plugin cannot.

        """
        if not self._plugins:
            return {}
        if self._registered is None:
            self._load()
            from seqshape.engine import documenting

            self._registered = documenting.registered()
        return self._registered

    def ask(self, question: Question) -> Answer:
        """What Keras says of a call; a question that was asked before, in any run, is not asked again.

        Raises:
            KerasUnavailable: Keras is missing, too old, or cannot be imported, or a plugin cannot.
            OutOfTime: the time is over `until` which questions are asked.

        """
        if time.monotonic() > self._end():
            raise OutOfTime
        return self._memo(question)

    def recall(self, question: Question) -> Answer | None:
        """What is remembered from any run of a question; Keras is not asked."""
        return self._memory().recall(question) if self._remember else None

    def distrust(self) -> bool:
        """Forgets what was remembered from other runs, and asks anew; false where nothing was.

        For answers that contradict one another: no Keras gave them all, so the file was tampered with.
        """
        if self._remembering is None or not self._remembering.distrust():
            return False
        self._memo = Memo(self._ask)
        return True

    def flush(self) -> None:
        """Writes the answers that are new."""
        if self._remembering is not None:
            self._remembering.flush()

    def close(self) -> str | None:
        """Writes the answers that are new; why some could not be kept or read, None where all could."""
        if self._remembering is None:
            return None
        self._remembering.close()
        return self._remembering.problem

    def cost(self, question: Question) -> Cost | Refusal:
        """What a call multiplies, as its graph of operations says; equal questions are asked once.

        Raises:
            KerasUnavailable: Keras cannot be asked.
            OutOfTime: the time is over `until` which questions are asked.

        """
        if time.monotonic() > self._end():
            raise OutOfTime
        if question.key not in self._costs:
            judge = self._judge or self._load()
            assert self._chatter is not None
            with self._chatter.swallowed():
                most = max(self._end() - time.monotonic(), 0.0)
                self._costs[question.key] = judge.cost(question, most)
        return self._costs[question.key]

    def slots(self, optimizer: str, settings: str, shape: tuple[int, ...], dtype: str) -> int | None:
        """Bytes that an optimizer of Keras keeps for one weight; None where it cannot say.

        `settings` is JSON text of its arguments.

        Raises:
            KerasUnavailable: Keras cannot be asked.

        """
        key = (optimizer, settings, shape, dtype)
        if key not in self._slots:
            self._load()
            from seqshape.engine import optimizers

            assert self._chatter is not None
            with self._chatter.swallowed():
                self._slots[key] = optimizers.slots(*key)
        return self._slots[key]

    def essential(
        self,
        layer: str,
        shared: tuple[tuple[str, str], ...],
        world: World,
        given: tuple[Given, ...] = (),
    ) -> str:
        """The arguments of a layer that say something, as JSON text of a mapping; `layer` as in a call.

        `given` is what goes into it, which some defaults depend on.

        Raises:
            Undescribed: Keras does not make the layer.
            KerasUnavailable: Keras cannot be asked.

        """
        return cast(str, self._tell("essential", layer, shared, world, given))

    def described(self, layer: str, shared: tuple[tuple[str, str], ...], world: World) -> str:
        """A layer as Keras saves it in JSON.

        Raises:
            Undescribed: Keras does not make the layer.
            KerasUnavailable: Keras cannot be asked.

        """
        return cast(str, self._tell("described", layer, shared, world))

    def steps(self, call: Call, world: World) -> "Steps":
        """The operations that a call of a function of `keras.ops` is made of.

        Raises:
            Undescribed: the call cannot be taken apart.
            KerasUnavailable: Keras cannot be asked.

        """
        return cast("Steps", self._tell("steps", call, world))

    def flowing(self, call: Call, shared: tuple[tuple[str, str], ...], world: World) -> str:
        """What flows into the blocks inside a layer when it is called, as JSON text of a mapping.

        For the text of each block's calls it has a list: a shape and a dtype for every such block.

        Raises:
            Undescribed: Keras does not make the layer, or refuses the call.
            KerasUnavailable: Keras cannot be asked.

        """
        return cast(str, self._tell("flowing", call, shared, world))

    def loads(self, layer: str, world: World) -> None:
        """Has Keras make a layer from the JSON text of what it saves.

        Raises:
            Undescribed: Keras does not make it.
            KerasUnavailable: Keras cannot be asked.

        """
        self._tell("loads", layer, world)

    def outputs_of(self, model: str, world: World) -> str:
        """The shapes that a model gives which Keras loads from JSON, as JSON text; null if it cannot say.

        Raises:
            Undescribed: Keras does not load it.
            KerasUnavailable: Keras cannot be asked.

        """
        return cast(str, self._tell("outputs_of", model, world))

    def automatic(
        self, calls: tuple[Call, ...], shared: tuple[tuple[str, str], ...], world: World
    ) -> "tuple[Automatic, ...]":
        """The names that Keras gives by itself in all calls of the layers in `shared`, or in a function's.

        Raises:
            Undescribed: there is no answer in time.
            KerasUnavailable: Keras cannot be asked.

        """
        return cast("tuple[Automatic, ...]", self._tell("automatic", calls, shared, world))

    def run(self, experiment: "Experiment") -> "Outcome | Failure":
        """Runs two models on the same weights and inputs: the one question that allocates them.

        Raises:
            KerasUnavailable: Keras cannot be asked.

        """
        self._load()
        assert self._chatter is not None
        with self._chatter.swallowed():
            from seqshape.engine import running

            return running.outcome(experiment)

    def _tell(self, name: str, *given: object) -> object:
        """What a function of `configs` or `naming` says; equal questions are asked once."""
        if (name, *given) not in self._told:
            self._load()
            from seqshape.engine import configs, naming

            assert self._chatter is not None
            function = getattr(naming if name == "automatic" else configs, name)
            try:
                with self._chatter.swallowed():
                    self._told[name, *given] = function(*given)
            except configs.NotDescribed as error:
                raise Undescribed(str(error)) from error
        return self._told[name, *given]

    def _ask(self, question: Question) -> Answer:
        if (answer := self.recall(question)) is not None:
            return answer
        judge = self._judge or self._load()
        assert self._chatter is not None
        with self._chatter.swallowed():
            answer = judge(question, max(self._end() - time.monotonic(), 0.0))
        if self._remember and question.key not in judge.late:
            self._memory().keep(question, answer)
        return answer

    def _memory(self) -> "Remembering":
        if self._remembering is None:
            from seqshape.engine.remembering import Remembering

            folder = Path(os.path.abspath(self._folder or os.curdir))
            self._remembering = Remembering(self._cache, self._plugins, folder)
        return self._remembering

    def _versions(self) -> tuple[str, str]:
        """The installed Keras and TensorFlow."""
        keras = installed.version("keras")
        tensorflow = installed.version("tensorflow") or installed.version("tensorflow_cpu")
        if keras is None or tensorflow is None:
            missing = "Keras" if keras is None else "TensorFlow"
            raise KerasUnavailable(KerasMissing(TOP, f"{missing} is not installed"))
        parts = tuple(int(part) for part in keras.split(".")[:2] if part.isdecimal())
        if parts < LEAST_KERAS:
            least = ".".join(map(str, LEAST_KERAS))
            raise KerasUnavailable(KerasTooOld(TOP, keras, least))
        return keras, tensorflow

    def _load(self) -> "Judge":
        """Imports Keras."""
        if self._judge is not None:
            return self._judge
        if self._failed is not None:
            raise self._failed
        from seqshape.engine.messages import clean
        from seqshape.engine.quiet import Chatter

        self._versions()
        if self._remember:
            self._memory().importing()
        self._chatter = Chatter()
        if "tensorflow" not in sys.modules:
            _prepare(self._cache)
        try:
            with self._chatter.swallowed():
                from seqshape.engine.judge import Judge
        except Exception as error:
            self._failed = KerasUnavailable(KerasBroken(TOP, clean(error), self._chatter.text()))
            raise self._failed from error
        before = set(sys.modules)
        with self._chatter.swallowed():
            self._import_plugins()
        if self._remember:
            self._memory().imported(set(sys.modules) - before)
        self._judge = Judge()
        return self._judge

    def _import_plugins(self) -> None:
        """Imports the plugins; the first one that fails is the reason why no question is answered.

        Their folder comes last on the path and stays there: it hides nothing that is installed.
        """
        from seqshape.engine.messages import import_failure

        folder = os.path.abspath(self._folder or os.curdir)
        if self._plugins and folder not in sys.path:
            sys.path.append(folder)
        for module in self._plugins:
            try:
                with contextlib.redirect_stdout(io.StringIO()):  # results alone are printed there
                    importlib.import_module(module)
            except KeyboardInterrupt:
                raise
            except BaseException as error:
                fault = PluginFails(TOP, module, import_failure(error))
                self._failed = KerasUnavailable(fault)
                raise self._failed from error


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
