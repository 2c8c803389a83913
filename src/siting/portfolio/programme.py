"""A mixed-integer programme written row by row, and HiGHS to solve it.

HiGHS runs on one thread from one seed, so that the same programme gives the same answer. Its status
and bound are passed on in its own words and numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import highspy
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


class _Quiet(highspy.Highs):
    """HiGHS that does not greet: it is told before its first word, inside its own construction."""

    def enableCallbacks(self) -> None:  # noqa: N802  # HiGHS's name
        self.setOptionValue("output_flag", False)  # noqa: FBT003  # HiGHS's signature
        super().enableCallbacks()  # type: ignore[no-untyped-call]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What HiGHS found."""

    status: str
    """HiGHS's own model status text."""
    bound: float
    """HiGHS's dual bound."""
    values: Floats | None
    """Value of every column; None without a feasible solution."""


@dataclass(kw_only=True)
class Programme:
    """Columns from 0 to an upper limit, and rows, as they are written down; it is maximised."""

    cost: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    start: list[int] = field(default_factory=lambda: [0])
    index: list[int] = field(default_factory=list)
    value: list[float] = field(default_factory=list)

    def column(self, cost: float, *, upper: float = np.inf, whole: bool = False) -> int:
        """Add a column from 0 to `upper` and return its number."""
        self.cost.append(cost)
        self.upper.append(upper)
        self.whole.append(whole)
        return len(self.cost) - 1

    def row(self, low: float, high: float, terms: Sequence[tuple[int, float]]) -> None:
        """Add low <= sum of coefficient x column <= high."""
        self.low.append(low)
        self.high.append(high)
        self.index += [column for column, _ in terms]
        self.value += [value for _, value in terms]
        self.start.append(len(self.index))

    def solve(self, options: Mapping[str, float], known: Mapping[int, float]) -> Answer:
        """Return what HiGHS finds, from the values `known` of some columns where there are any."""
        solver = _Quiet()  # type: ignore[no-untyped-call]
        fixed = {"threads": 1, "random_seed": 0}
        for option, value in {**fixed, **options}.items():
            solver.setOptionValue(option, value)
        solver.passModel(self._lp())
        if known:
            columns = np.array(list(known), np.int32)
            solver.setSolution(len(known), columns, np.array(list(known.values())))
        solver.run()
        info = solver.getInfo()
        feasible = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        return Answer(
            status=solver.modelStatusToString(solver.getModelStatus()),
            bound=float(info.mip_dual_bound),
            values=np.array(solver.getSolution().col_value) if feasible else None,
        )

    def _lp(self) -> highspy.HighsLp:
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self.cost), len(self.low)
        lp.sense_ = highspy.ObjSense.kMaximize
        lp.col_cost_ = np.array(self.cost)
        lp.col_lower_, lp.col_upper_ = np.zeros(len(self.cost)), np.array(self.upper)
        lp.row_lower_, lp.row_upper_ = np.array(self.low), np.array(self.high)
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[whole] for whole in self.whole]
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.array(self.start, np.int32)
        lp.a_matrix_.index_ = np.array(self.index, np.int32)
        lp.a_matrix_.value_ = np.array(self.value)
        return lp
