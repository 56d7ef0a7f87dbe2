"""What serves at the moment: one switchboard with its faces. A reset puts new ones in their place."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send

from wakeel.simulator.api import GraphApi
from wakeel.simulator.control import Control
from wakeel.simulator.page import Page
from wakeel.simulator.personas import PersonaFault
from wakeel.simulator.phones_file import PhonesFile
from wakeel.simulator.product import Product
from wakeel.simulator.switchboard import Switchboard
from wakeel.simulator.wishes import Json, Mistake
from wakeel.simulator.world import Taken


class Running:
    """An ASGI application that can start from its seed again while it serves."""

    def __init__(self, board: Switchboard, *, seed: Callable[[], Switchboard]) -> None:
        """seed: a switchboard as at the first start, from the personas file as it is then; raises as a start does."""
        self.board = board
        self.stopping = asyncio.Event()
        self._seed = seed
        self._product = Product(board.options.reset_file) if board.options.reset_file else None
        self._app = self._faces(board)
        self._is_resetting = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the faces of the moment."""
        await self._app(scope, receive, send)

    def begin(self) -> None:
        """Go on where the last process was; who writes first does so."""
        self.board.go_on()
        if not self.board.options.quiet_personas:
            self.board.open_conversations()

    async def keep(self, data_dir: Path, *, complain: Callable[[str], object]) -> None:
        """Keep the phones file up with the phones until the process stops."""
        while not self.stopping.is_set():
            board = self.board
            file = PhonesFile(board, data_dir=data_dir, complain=complain)
            await file.save()
            await file.keep()
            if board is self.board:  # stopped, not replaced
                await self.stopping.wait()
                await file.save()

    async def reset(self) -> Json:
        """Back to the seed: phones, chats, templates, files, faults, rules, log and clock. Raises Mistake.

        Where a product goes back with us, it has stopped before; then the phones wait until it is there again.
        """
        if self._is_resetting:
            raise Mistake("a reset is under way already", status=409)
        self._is_resetting, product, is_done = True, None, False
        try:
            if self._product and await self._product.ask_to_stop():
                product = self._product
            await self._replace()
            self.board.postman.spawn(self._begin_again(product))
            is_done = True
        except (PersonaFault, Taken) as fault:
            raise Mistake(f"the personas file cannot be used: {fault}", status=409) from fault
        finally:
            if not is_done:
                self._is_resetting = False
                if product:
                    product.never_mind()
        return {"product": "restarting" if product else None}

    async def _replace(self) -> None:
        """Put a switchboard of the seed in the place of this one. Raises as the seed does; then this one goes on."""
        fresh, old = self._seed(), self.board
        fresh.bell.revision = old.bell.revision + 1
        fresh.wire.count_on(old.wire)
        self.board, self._app = fresh, self._faces(fresh)
        old.stopping.set()
        await old.postman.close()
        fresh.clock.start_again()

    async def _begin_again(self, product: Product | None) -> None:
        try:
            if product:
                await product.ask_to_start()
            self.begin()
        finally:
            self._is_resetting = False

    def _faces(self, board: Switchboard) -> Starlette:
        """Bench and page first, so that no Graph path can hide them."""
        control = Control(board, reset=self.reset)
        return Starlette(routes=[*control.routes(), *Page(board).routes(), *GraphApi(board).routes()])
