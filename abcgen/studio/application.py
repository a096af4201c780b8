"""The application: endpoints, page and documentation behind the doorkeeper, for Starlette."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Any, TypeVar

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from abcgen.errors import AbcgenError
from abcgen.studio import composing, lessons, playing, shelf, tunes
from abcgen.studio.book import BookError
from abcgen.studio.doorkeeper import MOST_BYTES, Doorkeeper
from abcgen.studio.endpoints import Endpoint, File
from abcgen.studio.fields import RefusedError, read_fields
from abcgen.studio.openapi import document
from abcgen.studio.workshop import Workshop

#: Seconds in which a body must have come.
_BODY_PATIENCE = 10.0
_BAD_REQUEST = 400
Result = TypeVar("Result")
_PAGE = Path(__file__).with_name("page")
_ENDPOINTS = (
    *composing.ENDPOINTS,
    *tunes.ENDPOINTS,
    *playing.ENDPOINTS,
    *lessons.ENDPOINTS,
    *shelf.ENDPOINTS,
)


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
            if endpoint.live:
                return await _in_parts(request, endpoint.work(shop, values))
            result = await shop.do(lambda: endpoint.work(shop, values))
        except ClientDisconnect:
            return Response(status_code=_BAD_REQUEST)
        except Exception as error:
            status, reason = _refusal(error)
            return JSONResponse({"error": reason}, status)
        if not isinstance(result, File):
            return JSONResponse(result)
        name = f'attachment; filename="tune.{result.ending}"'
        return Response(
            result.content, media_type=result.media_type, headers={"content-disposition": name}
        )

    return answer


async def _in_parts(request: Request, parts: Any) -> Response:
    """Answer with the parts as they come, if a browser asks for that, or with all tunes."""
    first = await _while_here(request, anext(parts))  # what is wrong is said before anything else
    if "text/event-stream" in request.headers.get("accept", ""):
        return StreamingResponse(_events(first, parts), media_type="text/event-stream")
    return JSONResponse({"tunes": await _while_here(request, _all_tunes(first, parts))})


async def _all_tunes(first: Any, parts: Any) -> list[object]:
    """Return the tunes of all parts."""
    tunes = [*first.get("tunes", ())]
    async with aclosing(parts):
        async for part in parts:
            tunes += part.get("tunes", ())
    return tunes


async def _while_here(request: Request, work: Awaitable[Result]) -> Result:
    """Return what some work returns; end it where the visitor goes away before.

    Raises
    ------
    ClientDisconnect
        If the visitor went away.
    """
    working, leaving = asyncio.ensure_future(work), asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait((working, leaving), return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientDisconnect
        return working.result()
    finally:
        for task in (working, leaving):
            task.cancel()
        await asyncio.gather(working, leaving, return_exceptions=True)


async def _gone(request: Request) -> None:
    """Wait until a visitor, whose request has been read, goes away."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _events(first: object, parts: Any) -> AsyncIterator[str]:
    """Yield parts of an answer as server-sent events; the last may say what went wrong."""
    async with aclosing(parts):
        try:
            yield _event(first)
            async for part in parts:
                yield _event(part)
        except Exception as error:
            yield _event({"error": _refusal(error)[1]})


def _event(part: object) -> str:
    return f"data: {json.dumps(part, ensure_ascii=False)}\n\n"


def _refusal(error: Exception) -> tuple[int, str]:
    """Return the HTTP status and the reason of an error; raise a fault of abcgen itself."""
    if isinstance(error, RefusedError):
        return error.status, error.reason
    if isinstance(error, BookError):
        return 409, str(error)
    if isinstance(error, AbcgenError):
        return 422, str(error)
    raise error


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
