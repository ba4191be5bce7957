"""Drawings over HTTP: a run sends their addresses, and the browser fetches each drawing once."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from holdwell.domain.models import Side
from holdwell.i18n.toml_reader import ContentError

if TYPE_CHECKING:
    from holdwell.guide.illustrations import Skin

PATH = "/holdwell/drawings"


def address(
    name: str,
    *,
    pregnant: bool,
    moving: bool = False,
    raised: Side = Side.LEFT,
    skin: "Skin | None" = None,
) -> str:
    """Return the address of a drawing; the parameters are those of `illustration`."""
    parameters = {"raised": raised.value, "skin": skin.name if skin else ""}
    flags = {"pregnant": int(pregnant), "moving": int(moving)}
    return f"{PATH}/{name}.svg?{urlencode(flags | parameters)}"


def _send(request: Request) -> Response:
    """Send a drawing, or 404 if it does not exist."""
    svg = _svg(request.path_params["name"], request.query_params)
    if svg is None:
        return Response(status_code=404)
    return Response(svg, media_type="image/svg+xml")


def _send_several(request: Request) -> Response:
    """Send the drawings at the addresses `of` as JSON, by address; leave out those not found."""
    drawn = {}
    for requested in request.query_params.getlist("of"):
        path, _, query = requested.partition("?")
        name = path.removeprefix(f"{PATH}/").removesuffix(".svg")
        svg = _svg(name, dict(parse_qsl(query)))
        if svg is not None:
            drawn[requested] = svg
    return JSONResponse(drawn)


def _svg(name: str, parameters: Mapping[str, str]) -> str | None:
    """Return a drawing; None if there is none, none that moves if it should, or a faulty one."""
    # Imported late: the server starts faster without it.
    from holdwell.guide.illustrations import catalogue, illustration, moves

    moving = parameters.get("moving") == "1"
    try:
        if name not in catalogue().texts or (moving and not moves(name)):
            return None
        return illustration(
            name,
            pregnant=parameters.get("pregnant") == "1",
            moving=moving,
            raised=Side.RIGHT if parameters.get("raised") == Side.RIGHT else Side.LEFT,
            skin=catalogue().skins.get(parameters.get("skin", "")),
        )
    except ContentError:
        return None


ROUTES: Final = (Route(f"{PATH}/{{name}}.svg", _send), Route(PATH, _send_several))
