"""A plugin cannot be imported.

A plugin is a module that registers layers of your own. It is named by `plugins` in the settings file
or by `--plugin`, and imported right after Keras. Its layers are unknown while it fails, so no layer
is asked about. Modules are looked for where Python finds installed packages, then in the folder of
the settings file, or in the working directory where there is none.
"""

from seqshape.faults import PluginFails
from seqshape.rules.interface import Rule, Words

_ENDING = ".py"


def words(fault: PluginFails) -> Words:
    """The fault in a user's words."""
    if fault.module.endswith(_ENDING):
        module = fault.module.removesuffix(_ENDING).replace("\\", "/").replace("/", ".").strip(".")
        help_ = f"a plugin is named as Python imports it, without `{_ENDING}`: `{module}`"
    else:
        help_ = f'see the whole error with: python -c "import {fault.module}"'
    return Words(
        f"the plugin `{fault.module}` cannot be imported: {fault.problem}",
        help=help_,
    )


RULE = Rule("SEQ904", "error", PluginFails, words)
