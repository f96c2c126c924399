"""What a webhook's body becomes: JSON as it came, a form as an object, other text as a string."""

import base64
from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import parse_qsl

import orjson


class Malformed(ValueError):
    """The body says it is JSON and is not; the message says where."""


def read_body(body: bytes, content_type: str) -> bytes:
    """The body as JSON bytes. JSON is kept byte for byte, so long numbers stay exact. Raises Malformed."""
    kind, _, parameters = content_type.partition(";")
    kind = kind.strip().lower()
    if kind == "application/json" or kind.endswith("+json"):
        return _json(body)
    if not body:
        return b"null"
    if kind == "application/x-www-form-urlencoded":
        return orjson.dumps(_object(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)))
    if kind == "multipart/form-data":
        return orjson.dumps(_object(_parts(body, content_type)))
    return orjson.dumps(_text(body, parameters))


def _json(body: bytes) -> bytes:
    stripped = body.removeprefix(b"\xef\xbb\xbf").strip()
    if not stripped:
        return b"null"
    try:
        orjson.loads(stripped)
    except orjson.JSONDecodeError as error:
        raise Malformed(str(error)) from None
    return stripped


def _object(pairs: list[tuple[str, object]] | list[tuple[str, str]]) -> dict[str, object]:
    """A name that comes several times becomes a list."""
    found: dict[str, object] = {}
    many: set[str] = set()
    for name, value in pairs:
        if name not in found:
            found[name] = value
        elif name in many:
            found[name].append(value)  # type: ignore[attr-defined]  # names in `many` hold lists
        else:
            found[name] = [found[name], value]
            many.add(name)
    return found


def _parts(body: bytes, content_type: str) -> list[tuple[str, object]]:
    head = b"Content-Type: " + content_type.encode("latin-1", "replace") + b"\r\n\r\n"
    message = BytesParser(policy=HTTP).parsebytes(head + body)
    found: list[tuple[str, object]] = []
    for part in message.iter_parts() if message.is_multipart() else ():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if not isinstance(name, str) or not isinstance(content, bytes):
            continue
        file = part.get_filename()
        if file is None:
            found.append((name, _text(content, "")))
        else:
            held = base64.b64encode(content).decode()
            found.append((name, {"filename": file, "type": part.get_content_type(), "base64": held}))
    return found


def _text(body: bytes, parameters: str) -> object:
    """Text in its charset (UTF-8 when none is named); bytes that are no text come as {"base64": ...}."""
    charset = "utf-8"
    for parameter in parameters.split(";"):
        name, _, value = parameter.strip().partition("=")
        if name.lower() == "charset":
            charset = value.strip("\"' ")
    try:
        return body.decode(charset)
    except (LookupError, UnicodeDecodeError):
        return {"base64": base64.b64encode(body).decode()}
