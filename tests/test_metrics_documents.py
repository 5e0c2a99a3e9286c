"""The board, the alert rules and the list of metrics name what the service exports, and nothing else."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from app.api.exposition import Exposition
from app.metrics import series
from app.store.data_version import Backlog

DOCS = Path(__file__).parent.parent / "docs"
OPERATIONS = (DOCS / "operations.md").read_text("utf-8")
NAME = re.compile(r"chiso_[a-z_]+")
SELECTOR = re.compile(r"(chiso_[a-z_]+)\{([^}]*)\}")
LABEL = re.compile(r"([a-z_]+)(?:=~|!~|!=|=)")
GROUPING = re.compile(r"\bby \(([^)]*)\)")
OF_PROMETHEUS = {"instance", "job"}
SUFFIXES = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count"), "gauge": ("",)}


@pytest.fixture(scope="module")
def exported() -> dict[str, set[str]]:
    """Each name that a scrape prints, with the labels that it has there."""
    told: dict[str, set[str]] = {}
    for labelled in (value for value in vars(series).values() if hasattr(value, "_labelnames")):
        names = tuple(labelled._labelnames)
        if names:
            labelled.labels(*names)  # as it is printed once something was counted
    text = Exposition("1", "sqlite", 0, 0, Backlog("1", 0, None)).text()[0].decode()
    for family in text_string_to_metric_families(text):
        labels = set().union(*(sample.labels for sample in family.samples))
        told |= {f"{family.name}{suffix}": labels for suffix in SUFFIXES[family.type]}
    return told


def expressions(part: object) -> Iterator[str]:
    """Every question to Prometheus in a board."""
    if isinstance(part, dict):
        for name, value in part.items():
            if name in ("expr", "query") and isinstance(value, str) and value != "prometheus":
                yield value
            else:
                yield from expressions(value)
    elif isinstance(part, list):
        for each in part:
            yield from expressions(each)


def rules() -> list[str]:
    """The expressions of the alert rules in the manual."""
    (block,) = [each for each in re.findall(r"```yaml\n(.*?)```", OPERATIONS, re.DOTALL) if "alert:" in each]
    return [str(rule["expr"]) for group in yaml.safe_load(block)["groups"] for rule in group["rules"]]


def unknown_in(expression: str, exported: dict[str, set[str]]) -> set[str]:
    """Names, and labels, that no series has."""
    names = set(NAME.findall(expression))
    known = OF_PROMETHEUS | {"le"} | set().union(*(exported.get(name, set()) for name in names))
    unknown = names - exported.keys()
    for name, labels in SELECTOR.findall(expression):
        unknown |= {
            f"{name}{{{label}}}" for label in LABEL.findall(labels) if label not in exported[name] | OF_PROMETHEUS
        }
    grouped = {label for labels in GROUPING.findall(expression) for label in re.split(", *", labels)}
    return unknown | (grouped - known)


def test_the_board_asks_for_what_is_exported(exported: dict[str, set[str]]) -> None:
    board: dict[str, Any] = json.loads((DOCS / "grafana.json").read_text("utf-8"))
    asked = list(expressions(board))

    assert len(asked) > 30
    assert {
        expression: unknown_in(expression, exported) for expression in asked if unknown_in(expression, exported)
    } == {}
    assert all(panel["targets"] for panel in board["panels"] if panel["type"] != "row")
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])


def test_the_alert_rules_ask_for_what_is_exported(exported: dict[str, set[str]]) -> None:
    assert len(rules()) > 5
    assert {rule: unknown_in(rule, exported) for rule in rules() if unknown_in(rule, exported)} == {}


def test_the_manual_lists_what_is_exported(exported: dict[str, set[str]]) -> None:
    listed = set(NAME.findall(OPERATIONS.partition("## Metrics")[2].partition("```")[0]))
    of_durations = {f"{name}{suffix}" for name in listed for suffix in SUFFIXES["histogram"]}

    assert exported.keys() - listed - of_durations == set()
    assert {name for name in listed if name not in exported and f"{name}_bucket" not in exported} == set()
