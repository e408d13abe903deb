"""The help desk: brings tickets to it as long as the server runs, and shows them."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Awaitable, Callable, Dict, Optional

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic

from assistant.content import load_content
from assistant.helpdesk import language_of_desk
from assistant.helpdesk.delivery import Delivery
from assistant.helpdesk.desks import desk
from assistant.helpdesk.page import Pages, add_routes
from assistant.reply import Renderer
from assistant.settings import ChannelOffError, DeskSettings
from assistant.stores.conversations import inside


class HelpDeskChannel(InputChannel):
    """No way in for messages: Rasa lets channels take part in the start of its server."""

    @classmethod
    def name(cls) -> str:
        """Rasa's name for it."""
        return "helpdesk"

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[str, Any]]) -> HelpDeskChannel:
        """Always on."""
        return cls()

    def url_prefix(self) -> str:
        """Not below Rasa's own prefix."""
        return "/desk"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The pages of the help desk, unless they are off."""
        services = Blueprint("helpdesk")
        where = desk()
        render = Renderer(load_content(), language_of_desk())

        @services.listener("after_server_start")
        async def start(app: Sanic, _: Any) -> None:
            database = inside(app.ctx.agent.tracker_store).database
            app.ctx.delivery = Delivery(where, database, render)
            app.ctx.delivery.start()

        @services.listener("before_server_stop")
        async def stop(app: Sanic, _: Any) -> None:
            app.ctx.delivery.stop()

        with suppress(ChannelOffError):
            add_routes(services, Pages(render), DeskSettings.from_environment().password)
        return services
