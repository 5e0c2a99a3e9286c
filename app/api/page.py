"""The page for people at `/`, and how the files of the pages are handed out."""

import hashlib
from functools import cache

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.types import Scope

from app.api.negotiated_routes import NegotiatedRoute
from app.api.service import STATIC

router = APIRouter(route_class=NegotiatedRoute)

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "font-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
"""Scripts, styles and figures of this service only: a unit's name could hold markup and would still do nothing."""

REVALIDATE = {"Cache-Control": "no-cache"}
"""Kept by the browser and asked about each time, so that an upgrade never mixes old modules with new ones."""


class Assets(StaticFiles):
    """The files under `/static`, each with its ETag; 304 where the browser holds the present one."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, {**scope, "method": "GET"})  # 404 where there is no such file
        if scope["method"] != "GET":
            raise HTTPException(405)
        response.headers.update(REVALIDATE)
        return response


@cache
def page_bytes() -> bytes:
    return (STATIC / "page" / "index.html").read_bytes()


@router.get("/", include_in_schema=False, response_class=HTMLResponse)
async def read_page(request: Request) -> Response:
    """Rankings and explained scores for people, drawn by a script on the public API."""  # it takes no thread
    content = page_bytes()
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {**REVALIDATE, "ETag": etag, "Content-Security-Policy": POLICY, "Referrer-Policy": "no-referrer"}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return HTMLResponse(content, headers=headers)
