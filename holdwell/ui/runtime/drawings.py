"""Drawings over HTTP: a page that shows many of them sends their addresses with each run, and the
browser fetches each drawing once."""

from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
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
    """Return where a browser finds a drawing; the parameters are those of `illustration`."""
    asked = {"raised": raised.value, "skin": skin.name if skin else ""}
    flags = {"pregnant": int(pregnant), "moving": int(moving)}
    return f"{PATH}/{name}.svg?{urlencode(flags | asked)}"


def _send(request: Request) -> Response:
    """Answer with a drawing; 404 where there is none of that name, or none of it that moves.

    One that cannot be read is 404 too: the page says what is wrong with content/.
    """
    # Not before the server answers, which needs no drawing for it.
    from holdwell.guide.illustrations import catalogue, illustration, moves

    name, asked = request.path_params["name"], request.query_params
    moving = asked.get("moving") == "1"
    try:
        if name not in catalogue().texts or (moving and not moves(name)):
            return Response(status_code=404)
        svg = illustration(
            name,
            pregnant=asked.get("pregnant") == "1",
            moving=moving,
            raised=Side.RIGHT if asked.get("raised") == Side.RIGHT else Side.LEFT,
            skin=catalogue().skins.get(asked.get("skin", "")),
        )
    except ContentError:
        return Response(status_code=404)
    return Response(svg, media_type="image/svg+xml")


ROUTE: Final = Route(f"{PATH}/{{name}}.svg", _send)
