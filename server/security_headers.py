"""What each answer tells the browser to allow: this page, its own scripts and pictures, and nothing from elsewhere."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Gradio compiles viewers' scripts in the page, so that inline scripts and eval stay allowed; but whatever runs there
# can neither load nor send anything beyond this server. Hugging Face shows a Space in a frame of its own page.
FRAMES = "frame-ancestors 'self' https://huggingface.co https://*.huggingface.co https://*.hf.space"
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "media-src 'self' data: blob:",
        "connect-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "frame-src 'self' data: blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        FRAMES,
    )
)
HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),  # a link carries the sentences that it shows
    (b"permissions-policy", b"camera=(self), microphone=(), geolocation=(), payment=(), usb=()"),
    (b"cross-origin-resource-policy", b"same-origin"),
)


SECURITY_HEADERS = ((b"content-security-policy", POLICY.encode()), *HEADERS)


class SecurityHeaders:
    """ASGI middleware that adds them to every answer. ``embed``: origins that may show the page in a frame, too."""

    def __init__(self, app: ASGIApp, embed: str = "") -> None:
        self.app = app
        policy = POLICY.replace(FRAMES, f"{FRAMES} {embed}".rstrip())
        self.headers = ((b"content-security-policy", policy.encode()), *HEADERS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                ours = {name for name, _ in self.headers}
                kept = [(name, value) for name, value in message["headers"] if name.lower() not in ours]
                message = {**message, "headers": [*kept, *self.headers]}
            await send(message)

        await self.app(scope, receive, answer if scope["type"] == "http" else send)
