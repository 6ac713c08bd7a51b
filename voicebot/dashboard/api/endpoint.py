"""Typed endpoints over JSON, and their description in OpenAPI 3.1 made of the same models."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.json_schema import JsonSchemaMode, models_json_schema
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from voicebot.dashboard.guard import GuardedRoute, guarded
from voicebot.storage.people import Role

TWICE = "Hver værdi kan kun gives én gang, og den må ikke være tom."
_REFERENCE = "#/components/schemas/{model}"
_FAULTS = {
    "400": "Cannot be read.",
    "401": "Not logged in.",
    "403": "The role may not, or the token is missing.",
    "404": "There is no such thing.",
    "413": "Too long.",
    "422": "A value is wrong.",
    "503": "The database does not answer.",
}


class Asked(BaseModel):
    """What an endpoint takes: a query string or a body."""

    model_config = ConfigDict(extra="forbid", validate_by_alias=True)


class Given(BaseModel):
    """What an endpoint gives. Confidences and shares are 0..1, times UTC, durations seconds; null: not to be known."""

    model_config = ConfigDict(from_attributes=True)


class Error(Given):
    """Why there is no answer. code: a short stable name; message: in Danish, what to do about it."""

    code: str
    message: str


@dataclass(frozen=True)
class Endpoint:
    """What can be asked. handler: given the request and what `asked` makes of its query string or body."""

    path: str
    summary: str
    handler: Callable[[Request, Any], Awaitable[Given]]
    answer: type[Given]
    asked: type[Asked] | None = None
    method: str = "GET"
    role: Role = Role.SEE

    def route(self) -> GuardedRoute:
        """The endpoint as a route; HTTPException 422 for what `asked` does not take."""

        async def respond(request: Request) -> Response:
            given = await self._taken(request) if self.asked else None
            found = await self.handler(request, given)
            return Response(found.model_dump_json(), media_type="application/json")

        return guarded(self.path, respond, self.role, [self.method], name=f"api_{self.handler.__name__}")

    async def _taken(self, request: Request) -> Asked:
        assert self.asked
        try:
            if self.method == "GET":
                return self.asked.model_validate(_single(request))
            return self.asked.model_validate_json(await request.body())
        except ValidationError as fault:
            wrong = sorted({".".join(map(str, each["loc"])) or "indholdet" for each in fault.errors()})
            raise HTTPException(422, f"Kan ikke bruges: {', '.join(wrong)}. Se /api/openapi.json.") from None


def _single(request: Request) -> Mapping[str, str]:
    items = request.query_params.multi_items()
    if len({name for name, _ in items}) < len(items) or not all(value for _, value in items):
        raise HTTPException(422, TWICE)
    return dict(items)


def document(endpoints: Sequence[Endpoint], title: str, version: str, cookie: str) -> dict[str, Any]:
    """The description of endpoints; cookie: the name of the session's."""
    modes: dict[type[BaseModel], JsonSchemaMode] = {Error: "serialization"}
    for endpoint in endpoints:
        modes[endpoint.answer] = "serialization"
        if endpoint.asked and endpoint.method != "GET":
            modes[endpoint.asked] = "validation"
    _, schemas = models_json_schema(list(modes.items()), ref_template=_REFERENCE)
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint)
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version},
        "paths": paths,
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": cookie},
                "csrf": {"type": "apiKey", "in": "header", "name": "X-CSRF-Token", "description": "From /api/mig."},
            },
        },
    }


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    names = [part[1:-1] for part in endpoint.path.split("/") if part.startswith("{")]
    parameters = [{"name": name, "in": "path", "required": True, "schema": _ID} for name in names]
    operation: dict[str, Any] = {
        "operationId": endpoint.handler.__name__,
        "summary": endpoint.summary,
        "security": [{"session": []}] if endpoint.method == "GET" else [{"session": [], "csrf": []}],
        "responses": {"200": _json(endpoint.answer, "What was asked for.")}
        | {status: _json(Error, text) for status, text in _FAULTS.items()},
    }
    if endpoint.asked and endpoint.method == "GET":
        parameters += _query(endpoint.asked)
    elif endpoint.asked:
        operation["requestBody"] = {"required": True, **_json(endpoint.asked)}
    return operation | ({"parameters": parameters} if parameters else {})


_ID = {"type": "string", "minLength": 1, "maxLength": 64, "pattern": r"^[A-Za-z0-9_.-]+$"}


def _query(model: type[BaseModel]) -> list[dict[str, Any]]:
    """The parameters of a query string; one that is left out is not null but absent."""
    schema = model.model_json_schema(by_alias=True)
    parameters = []
    for name, its in schema["properties"].items():
        kinds = [kind for kind in its.get("anyOf", [its]) if kind.get("type") != "null"]
        (kind,) = kinds
        if "$ref" in kind:
            kind = schema["$defs"][kind["$ref"].rpartition("/")[2]]
        value = {key: part for key, part in kind.items() if key not in ("title", "description", "default")}
        described = {"description": its["description"]} if "description" in its else {}
        parameters.append({"name": name, "in": "query", "required": False, "schema": value, **described})
    return parameters


def _json(model: type[BaseModel], description: str | None = None) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": _REFERENCE.format(model=model.__name__)}}}
    return {"content": content} | ({"description": description} if description else {})
