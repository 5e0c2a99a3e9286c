"""Every answer that a test receives is held against the contract: its status, its kind and its shape are declared."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import httpx
from openapi_schema_validator import OAS31Validator

JSON = "application/json"
PROBLEM = "application/problem+json"
METHODS = ("get", "put", "post", "patch", "delete")
LARGEST_CHECKED = 20_000
"""Bytes of an answer whose shape is still looked at: a page of 1,000 units tells no more than one of ten."""


class Operation:
    """One operation of the document, with the ways to it; its parameters and answers stand in it as they are meant."""

    def __init__(self, method: str, path: str, spec: Mapping[str, Any]) -> None:
        self.method, self.path, self.spec = method, path, spec
        self.id: str = spec["operationId"]
        self.pattern = re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path)))

    def parameters(self, place: str) -> list[Mapping[str, Any]]:
        """The declared parameters of a place: `path`, `query` or `header`."""
        return [each for each in self.spec.get("parameters", ()) if each["in"] == place]

    @property
    def writes(self) -> bool:
        return self.method != "get"


class Contract:
    """The OpenAPI document of an application, as a judge of its answers."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self.validators: dict[str, Any] = {}

    @cached_property
    def operations(self) -> list[Operation]:
        found = list(self._operations())
        assert found, "the document names no operation, so that nothing would be looked at"
        return found

    def _operations(self) -> Iterator[Operation]:
        for path, item in self.document["paths"].items():
            for method, spec in item.items():
                if method in METHODS:
                    yield Operation(method, path, self._meant(spec))

    def _meant(self, spec: Mapping[str, Any]) -> dict[str, Any]:
        """An operation with what it names of the components, two steps deep: a parameter, and its values."""
        found = {**spec, "responses": {status: self._named(each) for status, each in spec["responses"].items()}}
        if "parameters" in spec:
            named = map(self._named, spec["parameters"])
            found["parameters"] = [{**each, "schema": self._named(each["schema"])} for each in named]
        return found

    def _named(self, node: Mapping[str, Any]) -> dict[str, Any]:
        """What a reference leads to, and what stands beside it."""
        if "$ref" not in node:
            return dict(node)
        *_, room, name = node["$ref"].split("/")
        return {**self.document["components"][room][name], **{key: node[key] for key in node if key != "$ref"}}

    def find(self, method: str, path: str) -> Operation | None:
        """The operation that answers a request; at an address without parameters no operation with some does."""
        if path in self.document["paths"]:
            return next((each for each in self.operations if (each.method, each.path) == (method.lower(), path)), None)
        fitting = (each for each in self.operations if each.method == method.lower() and each.pattern.fullmatch(path))
        return next(fitting, None)

    def faults(self, schema: Mapping[str, Any], value: object) -> list[str]:
        """Where a value is not of the shape that a schema of the document declares."""
        key = json.dumps(schema, sort_keys=True)
        if key not in self.validators:
            self.validators[key] = OAS31Validator({**schema, "components": self.document["components"]})
        return [f"{fault.json_path}: {fault.message[:300]}" for fault in self.validators[key].iter_errors(value)]

    def check(self, response: httpx.Response) -> None:
        """Assert that the answer is one that the document declares for its request."""
        kind = response.headers.get("content-type", "").partition(";")[0]
        request = response.request
        if response.status_code >= 400:
            assert kind == PROBLEM, f"{request.method} {request.url}: {response.status_code} as {kind}"
        operation = self.find(request.method, request.url.path)
        if operation is None:
            return
        told = f"{operation.id} answered {response.status_code}"
        declared = operation.spec["responses"].get(str(response.status_code))
        assert declared is not None, f"{told}, which is not declared: {response.text[:300]}"
        told_of = {name.lower() for name in declared.get("headers", ())}
        unnamed = {name.lower() for name in self.document["components"]["headers"]} & set(response.headers) - told_of
        assert not unnamed, f"{told} with headers that are not declared: {unnamed}"
        if kind not in (JSON, PROBLEM) or len(response.content) > LARGEST_CHECKED:
            return
        assert kind in declared["content"], f"{told} as {kind}, which is not declared"
        if "fields" in request.url.params:  # its description says that others are left out, required or not
            return
        found = self.faults(declared["content"][kind]["schema"], response.json())
        assert not found, f"{told} in another shape than declared: {found}"
