"""Runs the web application: gunicorn, or waitress on Windows. The application is loaded by name in each worker."""

import gc
import importlib
import logging
import os
import socket
import sys
from collections.abc import Callable
from typing import Any

import click

from audit.cli.common import Refused
from audit.config import Settings

APP, ASIDE = "audit.app", "audit.web.afterwards"
# More than photos may wait or be looked at (``images.MOST_WAITING``): answers always find a thread, also while some
# are still on their way over a slow network.
THREADS = 16
# Long enough for a report of sixty photographs on a slow machine.
SECONDS_PER_REQUEST, SECONDS_TO_END = 60, 30
MOST_BYTES = 32 * 1024 * 1024  # of a request; what a page takes is less, and the application's to say


def application(settings: Settings) -> Any:
    """The WSGI application. Called in the worker: connections and locks must not cross a fork."""
    aside = importlib.import_module(ASIDE).Aside()
    return importlib.import_module(APP).create_app(settings, do=aside)


def run(settings: Settings, on_ready: Callable[[], None]) -> None:
    """Serve until told to end; ``on_ready`` is called once the port is open."""
    must_be_free(settings)
    importlib.import_module(APP)  # once for all workers, and what is amiss shows before the port is open
    logging.basicConfig(level=settings.log_level.upper(), format="%(message)s", stream=sys.stderr)
    if hasattr(os, "fork"):
        _gunicorn(settings, on_ready)
    else:
        _waitress(settings, on_ready)


def must_be_free(settings: Settings) -> None:
    """Say in one line that the port is taken, before anything is started."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if os.name == "posix":  # a port that was closed a moment ago is free
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            words = f"Cannot listen on {settings.host} port {settings.port}: {error.strerror}."
            raise Refused(f"{words} Another --port may be free.") from error


def options(settings: Settings) -> dict[str, Any]:
    """What gunicorn is told. Nothing is left to its own environment variables or files."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return {
        "bind": f"{host}:{settings.port}",
        "worker_class": "gthread",
        "workers": settings.workers,
        "threads": THREADS,
        "timeout": SECONDS_PER_REQUEST,
        "graceful_timeout": SECONDS_TO_END,
        "certfile": str(settings.tls_cert) if settings.tls_cert else None,
        "keyfile": str(settings.tls_key) if settings.tls_key else None,
        # A socket in the home folder through which the server could be steered: nobody here needs it.
        "control_socket_disable": True,
        # What a proxy says is weighed by the application alone, by the number of proxies it was told of.
        "forwarded_allow_ips": "",
        "loglevel": "debug" if settings.log_level == "debug" else "warning",
        "proc_name": "clinic-audit",
    }


def _settled(ready: Any) -> Any:
    """What is there once the application is, stays: the collector need not look through it at every turn. That was
    80 ms each time, in the middle of somebody's request."""
    gc.collect()
    gc.freeze()
    return ready


def _gunicorn(settings: Settings, on_ready: Callable[[], None]) -> None:
    from gunicorn.app.base import BaseApplication

    class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
        def load_config(self) -> None:
            for name, value in options(settings).items():
                if name in self.cfg.settings:  # older versions have no control socket to close
                    self.cfg.set(name, value)
            self.cfg.set("when_ready", lambda _server: on_ready())

        def load(self) -> Any:
            return _settled(application(settings))

    Server().run()


def waitress_options(settings: Settings) -> dict[str, Any]:
    """What waitress is told."""
    return {
        "host": settings.host,
        "port": settings.port,
        "threads": THREADS,
        "channel_timeout": SECONDS_PER_REQUEST,
        "ident": None,  # nobody needs to know which server this is
        # Waitress would take the proxy's headers away; the application weighs them, by the number it was told of.
        "clear_untrusted_proxy_headers": not settings.behind_proxy,
        "max_request_body_size": MOST_BYTES,
    }


def _waitress(settings: Settings, on_ready: Callable[[], None]) -> None:
    if settings.tls:
        raise click.UsageError("On Windows a proxy has to do TLS: use --behind-proxy 1.")
    create = importlib.import_module("waitress").create_server
    server = create(application(settings), **waitress_options(settings))
    on_ready()
    server.run()
