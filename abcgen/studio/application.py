"""The application: endpoints, page and documentation behind the doorkeeper, for Starlette."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from abcgen.errors import AbcgenError
from abcgen.studio import shelf, tunes
from abcgen.studio.book import BookError
from abcgen.studio.doorkeeper import MOST_BYTES, Doorkeeper
from abcgen.studio.endpoints import Endpoint, File
from abcgen.studio.fields import RefusedError, read_fields
from abcgen.studio.openapi import document
from abcgen.studio.workshop import Workshop

#: Seconds in which a body must have come.
_BODY_PATIENCE = 10.0
_PAGE = Path(__file__).with_name("page")
_ENDPOINTS = (*tunes.ENDPOINTS, *shelf.ENDPOINTS)


def application(shop: Workshop, host: str) -> Starlette:
    """Return the studio as an ASGI application.

    Parameters
    ----------
    shop : Workshop
        Does the work.
    host : str
        The address that the server listens at.
    """
    return Starlette(
        routes=list(_routes(shop)),
        middleware=[Middleware(Doorkeeper, host=host)],
        exception_handlers={HTTPException: _refused_by_starlette, Exception: _failed},
    )


def _routes(shop: Workshop) -> Iterator[BaseRoute]:
    for endpoint in _ENDPOINTS:
        yield Route(endpoint.path, _answering(shop, endpoint), methods=[endpoint.method])
    openapi = document(_ENDPOINTS)
    yield Route("/openapi.json", lambda _: JSONResponse(openapi))
    yield Mount("/", StaticFiles(directory=_PAGE, html=True))


def _answering(shop: Workshop, endpoint: Endpoint) -> Any:
    """Return what answers the requests to an endpoint."""

    async def answer(request: Request) -> Response:
        try:
            asked = await _asked(request) if endpoint.method == "POST" else _query(request)
            values = read_fields(endpoint.fields, asked) | request.path_params
            result = await shop.do(lambda: endpoint.work(shop, values))
        except RefusedError as error:
            return JSONResponse({"error": error.reason}, error.status)
        except BookError as error:
            return JSONResponse({"error": str(error)}, 409)
        except AbcgenError as error:
            return JSONResponse({"error": str(error)}, 422)
        except ClientDisconnect:
            return Response(status_code=400)
        if not isinstance(result, File):
            return JSONResponse(result)
        name = f'attachment; filename="tune.{result.ending}"'
        return Response(
            result.content, media_type=result.media_type, headers={"content-disposition": name}
        )

    return answer


def _query(request: Request) -> dict[str, str]:
    return dict(request.query_params)


async def _asked(request: Request) -> object:
    """Return what the body of a request says.

    Raises
    ------
    RefusedError
        If it is too long, does not end, or is not JSON.
    """
    body = bytearray()
    try:
        async with asyncio.timeout(_BODY_PATIENCE):
            async for part in request.stream():
                body += part
                if len(body) > MOST_BYTES:
                    raise RefusedError(413, f"a request has at most {MOST_BYTES:,} bytes")
    except TimeoutError:
        raise RefusedError(408, "the request did not end") from None
    try:
        return json.loads(body or b"{}")
    except (ValueError, RecursionError):
        raise RefusedError(400, "the body is not JSON") from None


def _refused_by_starlette(_: Request, error: Exception) -> Response:
    """Answer where there is no such address or method."""
    assert isinstance(error, HTTPException)
    return JSONResponse({"error": error.detail}, error.status_code)


def _failed(_: Request, error: Exception) -> Response:
    """Answer where abcgen has a fault; the traceback is on stderr."""
    return JSONResponse({"error": f"a fault of abcgen: {type(error).__name__}"}, 500)
