"""The endpoints described for programs (https://spec.openapis.org/oas/v3.1.0)."""

import re
from collections.abc import Iterable

from abcgen import __version__
from abcgen.studio.endpoints import Endpoint

_PARAMETER = re.compile(r"\{(\w+)(:int)?\}")


def document(endpoints: Iterable[Endpoint]) -> dict[str, object]:
    """Return the OpenAPI document of some endpoints."""
    paths: dict[str, dict[str, object]] = {}
    for endpoint in endpoints:
        path = _PARAMETER.sub(r"{\1}", endpoint.path)
        paths.setdefault(path, {})[endpoint.method.lower()] = _operation(endpoint)
    return {
        "openapi": "3.1.0",
        "info": {"title": "abcgen studio", "version": __version__},
        "paths": paths,
    }


def _operation(endpoint: Endpoint) -> dict[str, object]:
    """Return one method of a path."""
    parameters: list[dict[str, object]] = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "integer" if whole else "string"},
        }
        for name, whole in _PARAMETER.findall(endpoint.path)
    ]
    operation: dict[str, object] = {
        "summary": endpoint.what,
        "responses": {
            "200": {"description": "done"},
            "4XX": {"description": "refused; `error` in the answer says why"},
        },
    }
    if endpoint.method == "GET":
        parameters += [
            {"name": name, "in": "query", "required": field.needed, "schema": field.schema}
            for name, field in endpoint.fields.items()
        ]
    else:
        schema = {
            "type": "object",
            "additionalProperties": False,
            "properties": {name: field.schema for name, field in endpoint.fields.items()},
            "required": [name for name, field in endpoint.fields.items() if field.needed],
        }
        operation["requestBody"] = {"content": {"application/json": {"schema": schema}}}
    return {**operation, "parameters": parameters}
