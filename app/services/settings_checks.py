"""Settings that only the database can judge."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from app.domain.suggest import similar
from app.store.frameworks import list_frameworks


def faults_of_settings(session: Session, default_framework: str) -> Iterator[str]:
    """What is wrong with settings, a sentence for each."""
    known = [name for row in list_frameworks(session) for name in (row.code, f"{row.code}@{row.version}")]
    if default_framework not in known:
        codes = sorted({name for name in known if "@" not in name})
        near = similar(default_framework, known)
        meant = f"; did you mean {near}?" if near else "."
        yield (
            f"CHISO_DEFAULT_FRAMEWORK: there is no framework {default_framework}{meant} The database has "
            f"{', '.join(codes)}."
        )
