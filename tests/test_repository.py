"""The rules of the house a tool can hold: size, messages in both languages, fresh documents."""

import ast
import json

import pytest

from places import ROOT
from siting.errors import messages, placeholders
from siting.tables import inputs, money, results, rules, trade
from siting.tables.document import document

MODULES = sorted((ROOT / "src").rglob("*.py"))
MODULE_LINES = 400
FUNCTION_LINES = 50


def functions(path):
    tree = ast.parse(path.read_text("utf-8"))
    return [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]


def code_lines(node):
    """Lines of a function without its docstring: documentation is not size."""
    whole = node.end_lineno - node.lineno + 1
    first = node.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        return whole - (first.end_lineno - first.lineno + 1)
    return whole


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_modules_and_functions_stay_small(path):
    assert len(path.read_text("utf-8").splitlines()) <= MODULE_LINES
    long = {f.name: code_lines(f) for f in functions(path) if code_lines(f) > FUNCTION_LINES}
    assert not long


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_function_takes_more_than_six_arguments(path):
    """Compiled kernels are exempt: numba takes arrays, not objects."""
    wide = [
        f.name
        for f in functions(path)
        if len(f.args.args) + len(f.args.kwonlyargs)
        > 6 + bool(f.args.args and f.args.args[0].arg in {"self", "cls"})
        and not any("njit" in ast.unparse(d) for d in f.decorator_list)
    ]
    assert not wide


def test_there_is_no_utils():
    assert not [p for p in MODULES if p.stem in {"utils", "helpers", "common", "misc"}]


@pytest.mark.parametrize("code", sorted(messages()))
def test_a_message_says_the_same_in_both_languages(code):
    said = messages()[code]
    assert set(said) == {"ru", "en"}
    assert placeholders(said["ru"]) == placeholders(said["en"])
    assert any("а" <= letter.lower() <= "я" for letter in said["ru"])
    assert not any("а" <= letter.lower() <= "я" for letter in said["en"])


def test_every_problem_raised_in_the_code_has_its_message():
    codes = {
        keyword.value.value
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Problem")
        for keyword in node.keywords
        if keyword.arg == "code" and isinstance(keyword.value, ast.Constant)
    }
    assert codes
    assert codes <= set(messages())


def test_every_stage_of_the_study_has_a_name_to_be_told_by():
    """The door draws a bar for each call `timed(stage, ...)` and asks for its words."""
    tree = ast.parse((ROOT / "src" / "siting" / "study.py").read_text("utf-8"))
    stages = {
        ast.unparse(node.args[0])
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "timed"
    }
    assert {"read", "choose", "account"} <= stages
    assert {f"stage_{stage}" for stage in stages} <= set(messages())


def test_the_document_of_the_tables_is_fresh():
    assert (ROOT / "docs" / "tables.md").read_text("utf-8") == document()


@pytest.mark.parametrize(
    "table",
    inputs.LAYERS + rules.RULES + results.RESULTS + money.RESULTS + trade.TABLES,
    ids=lambda t: t.name,
)
def test_every_column_is_declared_once_and_explained_twice(table):
    names = [column.name for column in table.columns]
    assert len(names) == len(set(names))
    assert all(column.en and column.ru for column in table.columns)


def test_notebooks_are_kept_without_outputs():
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        cells = json.loads(path.read_text("utf-8"))["cells"]
        assert not [cell for cell in cells if cell.get("outputs")], path.name
