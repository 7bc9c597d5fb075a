"""Sound models of sequences with one thing broken at random: what is shown holds, whatever it is."""

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from seqshape.engine import Engine
from seqshape.report import Diagnostic, Fix
from seqshape.source import from_text
from tests.repair_search.asking import PATH, errors, fixed, report_of
from tests.repair_search.breaking import breaks, sound, written

_BUDGET = 20.0
"""Seconds that no search here comes near to, so that time does not decide what is found."""
_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]
_PHASES = [Phase.explicit, Phase.generate]
"""Shrinking would run the search hundreds of times; the models are small as they are."""

Key = tuple[str, str | None]


def key(item: Diagnostic) -> Key:
    return item.code, item.layer


def kept(text: str, fix: Fix) -> None:
    """All that stands outside of a fix's edits stands in the new text, in its order and byte for byte."""
    source = from_text(PATH, text)
    end, rest = 0, text
    new = fixed_by(text, fix)
    for edit in sorted(fix.edits, key=lambda each: (each.place.line, each.place.column)):
        start, stop = source.span(edit.place)
        piece = text[end:start] + edit.text
        assert new.startswith(piece)
        new, end, rest = new[len(piece) :], stop, text[stop:]
    assert new == rest


def fixed_by(text: str, fix: Fix) -> str:
    item = Diagnostic("", "error", "", None, fix.edits[0].place, fixes=(fix,))
    return fixed(text, item)


@given(st.data())
@settings(max_examples=12, deadline=None, phases=_PHASES, suppress_health_check=_SLOW)
def test_what_is_shown_for_one_fault_holds(engine: Engine, data: st.DataObject) -> None:
    entries = sound(data.draw)
    text = written(data.draw, data.draw(st.sampled_from(list(breaks(entries)))))
    before = report_of(text, engine, _BUDGET)
    if before.ok:
        return  # it is another model, and no worse a one
    known = {key(item) for item in before.diagnostics}
    for item in errors(before):
        assert (item.cause is None) == (not item.fixes)
        for fix in item.fixes:
            kept(text, fix)
            after = report_of(fixed_by(text, fix), engine, None)
            assert key(item) not in {key(each) for each in errors(after)}, (text, fix.title)
            assert len(errors(after)) == 0 or fix.remaining, (text, fix.title)
            new = {key(each) for each in after.diagnostics if each.severity == "warning"} - known
            assert not new, (text, fix.title, new)
    assert report_of(text, engine, _BUDGET).diagnostics == before.diagnostics


@given(st.data())
@settings(max_examples=8, deadline=None, phases=_PHASES, suppress_health_check=_SLOW)
def test_of_two_faults_each_fix_takes_one_away(engine: Engine, data: st.DataObject) -> None:
    entries = sound(data.draw)
    once = data.draw(st.sampled_from(list(breaks(entries))))
    text = written(data.draw, data.draw(st.sampled_from(list(breaks(once)))))
    before = report_of(text, engine, 2.0)
    for item in errors(before):
        for number, fix in enumerate(item.fixes):
            kept(text, fix)
            after = report_of(fixed(text, item, number), engine, None)
            same = [each for each in errors(after) if key(each) == key(item)]
            assert len(same) < sum(key(each) == key(item) for each in errors(before)), (text, fix.title)


@given(st.data())
@settings(max_examples=15, deadline=None, phases=_PHASES, suppress_health_check=_SLOW)
def test_a_sound_model_gets_no_cause_and_no_fix(engine: Engine, data: st.DataObject) -> None:
    report = report_of(written(data.draw, sound(data.draw)), engine, _BUDGET)
    assert [item.message for item in report.diagnostics if item.severity != "note"] == []
    assert all(item.cause is None and not item.fixes for item in report.diagnostics)
