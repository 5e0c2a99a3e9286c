"""Whose tokens the service takes, as the operator has said."""

from app.config import Settings
from app.services.identity.claims import IdentityTerms


def identity_terms(settings: Settings) -> IdentityTerms | None:
    """The terms of the settings; None where no identity provider is named."""
    if settings.oidc_issuer is None or settings.oidc_audience is None or settings.oidc_jwks is None:
        return None
    return IdentityTerms(
        issuer=settings.oidc_issuer,
        audience=settings.oidc_audience,
        jwks=settings.oidc_jwks,
        algorithms=frozenset(settings.oidc_algorithms),
        scopes_claim=settings.oidc_scopes_claim,
        scopes=settings.oidc_scopes,
        unit_claim=settings.oidc_unit_claim,
        whole=frozenset(settings.oidc_whole),
        name_claim=settings.oidc_name_claim,
    )
