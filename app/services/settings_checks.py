"""Settings that only the database, or the rooms below the shell, can judge."""

from collections.abc import Iterator, Mapping, Sequence

from app.domain.suggest import similar
from app.services.rights import Scope


def faults_of_settings(frameworks: Sequence[str], default_framework: str) -> Iterator[str]:
    """What is wrong with settings where there are these frameworks (`qd766@2026`), a sentence for each."""
    codes = sorted({each.partition("@")[0] for each in frameworks})
    known = [*codes, *frameworks]
    if default_framework not in known:
        near = similar(default_framework, known)
        meant = f"; did you mean {near}?" if near else "."
        yield f"CHISO_DEFAULT_FRAMEWORK: there is no framework {default_framework}{meant} There are {', '.join(codes)}."


def faults_of_scopes(roles: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """What is wrong with what the roles of an identity provider stand for, a sentence for each."""
    known = frozenset(map(str, Scope))
    for role, scopes in roles.items():
        for scope in scopes:
            if scope not in known:
                near = similar(scope, sorted(known))
                meant = f"; did you mean {near}?" if near else "."
                named = f"{role} stands for {scope}, which is no scope{meant}"
                yield f"CHISO_OIDC_SCOPES: {named} Scopes are {', '.join(Scope)}."
