"""Under which codes sources report what is computed here as well: points of groups, totals and ranks."""

from app.domain.frameworks.rules import FrameworkPart
from app.domain.vocabulary import Code

GROUP = "{group}"


class ReportedCodes(FrameworkPart):
    """Codes of indicators; `group` has the code of a group in place of `{group}`."""

    total: Code
    group: str
    rank: Code
    rank_of: Code

    def of_group(self, group: str) -> str:
        """Where the points of a group are reported.

        >>> ReportedCodes(total="t", group="{group}_p", rank="r", rank_of="o").of_group("pay")
        'pay_p'
        """
        return self.group.replace(GROUP, group)
