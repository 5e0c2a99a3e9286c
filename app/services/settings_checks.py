"""Settings that only the database can judge."""

from collections.abc import Iterator, Sequence

from app.domain.suggest import similar


def faults_of_settings(frameworks: Sequence[str], default_framework: str) -> Iterator[str]:
    """What is wrong with settings where there are these frameworks (`qd766@2026`), a sentence for each."""
    codes = sorted({each.partition("@")[0] for each in frameworks})
    known = [*codes, *frameworks]
    if default_framework not in known:
        near = similar(default_framework, known)
        meant = f"; did you mean {near}?" if near else "."
        yield f"CHISO_DEFAULT_FRAMEWORK: there is no framework {default_framework}{meant} There are {', '.join(codes)}."
