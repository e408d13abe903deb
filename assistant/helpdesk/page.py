"""The help desk's own pages: the list of tickets, and each ticket with what can be done about it."""

from __future__ import annotations

import asyncio
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Callable, Optional, Tuple

from jinja2 import Environment, FileSystemLoader, select_autoescape
from rasa.core.agent import Agent
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.exc import SQLAlchemyError

from assistant.helpdesk import contacts
from assistant.helpdesk.dossier import compose
from assistant.helpdesk.login import guarded
from assistant.helpdesk.replies import CannotReplyError, reply
from assistant.helpdesk.ticket import ANSWERED, CLOSED, OPEN
from assistant.helpdesk.tickets import Filed, Tickets
from assistant.reply import Renderer
from assistant.stores.conversations import inside
from assistant.stores.database import Database

_FOLDER = Path(__file__).parent / "templates"
_STYLE = (_FOLDER / "desk.css").read_text(encoding="utf-8")
_NEWEST = 500
_LONGEST_REPLY = 4_000
_POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"


class Pages:
    """Shows tickets in the language of the help desk."""

    def __init__(self, render: Renderer) -> None:
        self._render = render
        self._templates = Environment(loader=FileSystemLoader(_FOLDER), autoescape=select_autoescape())
        self._templates.globals.update(
            t=render.phrase,
            language=render.language,
            when=_when,
            urgency=self._urgency,
            topic=self._topic,
        )

    def list(self, tickets: Tickets) -> HTTPResponse:
        """The newest tickets, those first that wait for somebody."""
        found = sorted(tickets.newest(_NEWEST), key=_order)
        return self._page("tickets.html", tickets=found, count=tickets.count())

    def ticket(self, filed: Filed, database: Database, problem: str = "") -> HTTPResponse:
        """A ticket with the conversation until now."""
        ticket = filed.ticket
        contact = contacts.unseal(ticket.contact) if ticket.contact else None
        said = database.said(ticket.sender)
        dossier = compose(ticket, contact, said, self._render, is_until_now=True)
        return self._page("ticket.html", filed=filed, dossier=dossier, problem=problem)

    def phrase(self, name: str) -> str:
        """A phrase in the language of the help desk."""
        return self._render.phrase(name)

    def _page(self, template: str, **values: Any) -> HTTPResponse:
        page = self._templates.get_template(template).render(**values)
        return response.html(page, headers={"Content-Security-Policy": _POLICY})

    def _urgency(self, name: str) -> str:
        known = self._render.content.handoff.urgency.get(name)
        return known.label[self._render.language] if known else name

    def _topic(self, name: Optional[str]) -> str:
        known = self._render.content.topics.get(name or "")
        return known.title[self._render.language] if known else ""


def add_routes(routes: Blueprint, pages: Pages, password: str) -> None:
    """Add the addresses of the pages."""
    login = guarded(password)

    @routes.exception(SQLAlchemyError)
    async def away(request: Request, error: Exception) -> HTTPResponse:
        return response.text(pages.phrase("desk_away"), status=503)

    @routes.get("/desk.css")
    async def style(request: Request) -> HTTPResponse:
        return response.text(_STYLE, content_type="text/css", headers={"Cache-Control": "max-age=3600"})

    @routes.post("/revive")
    @login
    async def revive(request: Request, agent: str) -> HTTPResponse:
        await _in_thread(Tickets(_database(request)).revive)
        return response.redirect("./", status=303)

    @routes.get("/<reference:str>")
    @login
    async def show(request: Request, agent: str, reference: str) -> HTTPResponse:
        if not reference:
            return await _in_thread(pages.list, Tickets(_database(request)))
        return await _show(request, reference)

    @routes.post("/<reference:str>")
    @login
    async def act(request: Request, agent: str, reference: str) -> HTTPResponse:
        database = _database(request)
        tickets = Tickets(database)
        filed = await _in_thread(tickets.get, reference)
        if filed is None:
            return _gone()
        text, status = (request.form.get(name, "") for name in ("text", "status"))
        if text.strip():
            try:
                await reply(_agent(request), filed.ticket, agent, text.strip()[:_LONGEST_REPLY])
            except CannotReplyError as error:
                return await _show(request, reference, pages.phrase(error.phrase))
            status = ANSWERED
        if status in (OPEN, ANSWERED, CLOSED):
            await _in_thread(tickets.settle, filed, status)
        return response.redirect(reference, status=303)

    async def _show(request: Request, reference: str, problem: str = "") -> HTTPResponse:
        database = _database(request)
        filed = await _in_thread(Tickets(database).get, reference)
        return await _in_thread(pages.ticket, filed, database, problem) if filed else _gone()

    def _gone() -> HTTPResponse:
        return response.text(pages.phrase("desk_gone"), status=404)


def _order(filed: Filed) -> Tuple[bool, float]:
    return filed.status != OPEN, -filed.ticket.created_at


def _agent(request: Request) -> Agent:
    return request.app.ctx.agent


def _database(request: Request) -> Database:
    return inside(_agent(request).tracker_store).database


async def _in_thread(work: Callable[..., Any], *arguments: Any) -> Any:
    return await asyncio.get_running_loop().run_in_executor(None, work, *arguments)


def _when(timestamp: float) -> str:
    return datetime.fromtimestamp(timestamp, timezone.utc).strftime("%Y-%m-%d %H:%M")
