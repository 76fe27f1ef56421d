"""Keeps other web pages out: only this machine's own addresses, and no request that another site's page has caused."""

from collections.abc import Awaitable, Callable

from aiohttp import web

OWN_NAMES = ("127.0.0.1", "localhost")
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


@web.middleware
async def guard(request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> web.StreamResponse:
    """A hostile page can point its own name here (refused by Host), post here (by Origin) or link here (by Sec-Fetch-Site)."""
    name, _, port = (request.host or "").partition(":")
    if name not in OWN_NAMES:
        return _refusal("open the sandbox as http://127.0.0.1 or http://localhost")
    origin = request.headers.get("Origin")
    if origin is not None and origin not in [f"http://{own}:{port}" for own in OWN_NAMES]:
        return _refusal("another site's page may not use the sandbox")
    is_page = request.path == "/" or request.path.startswith("/page/")
    if not is_page and request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
        return _refusal("another site's page may not use the sandbox")
    response = await handler(request)
    if not response.prepared:
        response.headers.update(SECURITY_HEADERS)
    return response


def _refusal(why: str) -> web.Response:
    return web.json_response({"ok": False, "error": why}, status=403)
