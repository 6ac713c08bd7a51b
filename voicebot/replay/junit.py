"""Results for a build server: JUnit XML by Jenkins' schema (xunit-plugin, junit-10.xsd), which most others read."""

from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from voicebot.replay.flaky import Played, grouped, together
from voicebot.replay.judging import CaseResult
from voicebot.replay.wording import all_misses


def junit(results: Iterable[CaseResult]) -> str:
    """A suite for each condition, in it a test case for each case; flaky ones are named in the suite's properties.

    time: seconds of the calls, all plays together. A case that missed anything in any play has failed.
    """
    everything = together(results)
    suites = grouped((played.condition, played) for played in everything)
    root = Element("testsuites", {"name": "replay", **_counts(everything)})
    for condition, group in suites.items():
        _suite(root, condition, group)
    for element in root.iter():
        element.attrib = {name: _readable(value) for name, value in element.attrib.items()}
        element.text = element.text and _readable(element.text)
    return tostring(root, encoding="unicode", xml_declaration=True)


def _suite(root: Element, condition: str, group: Sequence[Played]) -> None:
    suite = SubElement(root, "testsuite", {"name": f"replay {condition}", **_counts(group)})
    properties = SubElement(suite, "properties")
    SubElement(properties, "property", name="condition", value=condition)
    for played in group:
        if played.flaky:
            SubElement(properties, "property", name="flaky", value=f"{played.name}: {_right(played)}")
    for played in group:
        area, _, name = played.name.rpartition("/")
        case = SubElement(suite, "testcase", classname=area, name=f"{name} ({condition})", time=_time([played]))
        if not played.passed:
            missed = "; ".join(all_misses(played.telling))
            told = f"{_right(played)}: {missed}" if played.flaky else missed
            SubElement(case, "failure", type="wrong" if played.wrong else "missed", message=told).text = told


def _counts(group: Sequence[Played]) -> dict[str, str]:
    failed = sum(not played.passed for played in group)
    return {"tests": str(len(group)), "failures": str(failed), "errors": "0", "time": _time(group)}


def _right(played: Played) -> str:
    return f"right in {played.right} of {len(played.plays)}"


def _time(group: Iterable[Played]) -> str:
    return f"{sum(play.seconds for played in group for play in played.plays):.3f}"


def _readable(text: str) -> str:
    """Without the control characters that XML 1.0 has no way to write."""
    return "".join(sign if sign.isprintable() else " " for sign in text)
