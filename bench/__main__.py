"""Every bench in one table: `python -m bench`. It reports and never fails: a slow machine is no broken build."""

from bench import boards, imports, scoring, sensitivity
from bench.table import show

if __name__ == "__main__":
    show([*scoring.rows(), *sensitivity.rows(), *boards.rows(), *imports.rows()])
