"""Let a client that only knows the real hosts talk to a local Press.

    python tests/contract/proxy.py http://127.0.0.1:PORT FOLDER

Nothing in the client can replace its hosts (https://press.peak.ai, https://service.peak.ai and their stages). So this
is an HTTPS proxy on 127.0.0.1 that connects every host under peak.ai to the local Press, and no other host to anything.
It answers with a certificate of its own making, good for a day, whose key never leaves FOLDER. It prints one JSON line,
``{"proxy": ..., "bundle": ...}``: what to put in HTTPS_PROXY and in REQUESTS_CA_BUNDLE. It ends when its input ends.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import ssl
import sys
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

DOMAIN = "peak.ai"
STAGES = ("dev", "test", "beta", "parvati")
BLOCK = 1 << 16
OPEN: set[asyncio.Task[None]] = set()  # The event loop itself does not keep them alive.


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """Write a certificate for the domain and its stages, and its key; return both paths."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "local Press, not the real one")])
    hosts = [f"*.{DOMAIN}", *(f"*.{stage}.{DOMAIN}" for stage in STAGES)]
    now = dt.datetime.now(dt.timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    bundle, secret = folder / "certificate.pem", folder / "key.pem"
    bundle.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    secret.touch(mode=0o600)
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return bundle, secret


async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass bytes on until there are no more."""
    while block := await reader.read(BLOCK):
        writer.write(block)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()
    else:
        writer.close()  # TLS cannot end one direction alone.


async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str, port: int) -> None:
    """Connect somebody to a server, in both directions, until one side is gone."""
    there, back = await asyncio.open_connection(host, port)
    directions = [asyncio.create_task(copy(reader, back)), asyncio.create_task(copy(there, writer))]
    OPEN.update(directions)
    try:
        await asyncio.wait(directions, return_when=asyncio.FIRST_EXCEPTION)
    finally:
        for direction in directions:
            direction.cancel()
        await asyncio.gather(*directions, return_exceptions=True)
        OPEN.difference_update(directions)
        writer.close()
        back.close()


async def serve(upstream: str, folder: Path) -> None:
    """Run until standard input ends: a plain proxy in front, and behind it what speaks TLS for the local Press."""
    press = urlsplit(upstream)
    bundle, secret = make_certificate(folder)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(bundle, secret)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await relay(reader, writer, str(press.hostname), press.port or 80)

    inner = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
    inner_port = inner.sockets[0].getsockname()[1]

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        method, target = head.split(" ", 2)[:2]
        host, _, port = target.partition(":")
        if method != "CONNECT" or port != "443" or not host.endswith(f".{DOMAIN}"):
            writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
            writer.close()
            return
        writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
        await relay(reader, writer, "127.0.0.1", inner_port)

    outer = await asyncio.start_server(connect, "127.0.0.1", 0)
    line = {"proxy": f"http://127.0.0.1:{outer.sockets[0].getsockname()[1]}", "bundle": str(bundle)}
    sys.stdout.write(f"{json.dumps(line)}\n")
    sys.stdout.flush()
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], Path(sys.argv[2])))
