"""Spoils pages: splices of tags, crossings of two pages, cuts, repetitions, junk; by a seed."""

import random
import re
from collections.abc import Sequence

NASTY = (
    *(b"<!--", b"-->", b"<script>", b"</script>", b"<style>", b"<title>", b"<textarea>", b"<svg>"),
    *(b"<template>", b"<table>", b"<td>", b"<select>", b"<option>", b"<plaintext>", b"<![CDATA["),
    *(b"&#1;", b"&#xD800;", b"&#x110000;", b"\0", b"\x1b[31m", b"\xe2\x80\xae", b"\xff\xfe", b"<"),
    *(b"<a href='javascript:x'>", b"<base href='//['>", b"<meta charset=utf-16>", b"<b><i><p>"),
    *(b"<noscript>", b"<frameset>", b"<math><mi>", b"<h1>", b"<time datetime='99999-99-99'>", b"'"),
    *(b'"', b"&", b"&lt;", b"\xed\xa0\x80", b"{", b"]", b"\\u0000", b"2026-13-45T99:99Z", b">"),
)
MAX_BYTES = 60_000
_TOKEN = re.compile(rb"<[^<>]{0,400}>|[^<]{1,400}")


def mutated(pages: Sequence[bytes], chance: random.Random) -> bytes:
    """Return a page made of some of ``pages``, spoiled in one to eight places."""
    body = chance.choice(pages)[:MAX_BYTES]
    tokens = _TOKEN.findall(body) or [b""]
    for _ in range(chance.randint(1, 8)):
        tokens = chance.choice(_WAYS)(tokens, pages, chance) or [b""]
    return b"".join(tokens)[: 2 * MAX_BYTES]


def _junk(tokens: list[bytes], _pages: Sequence[bytes], chance: random.Random) -> list[bytes]:
    place = chance.randrange(len(tokens))
    return [*tokens[:place], chance.choice(NASTY), *tokens[place:]]


def _cut(tokens: list[bytes], _pages: Sequence[bytes], chance: random.Random) -> list[bytes]:
    begin = chance.randrange(len(tokens))
    return tokens[:begin] + tokens[begin + chance.randint(1, 20) :]


def _end(tokens: list[bytes], _pages: Sequence[bytes], chance: random.Random) -> list[bytes]:
    return tokens[: chance.randrange(len(tokens)) + 1]


def _repeat(tokens: list[bytes], _pages: Sequence[bytes], chance: random.Random) -> list[bytes]:
    begin = chance.randrange(len(tokens))
    part = tokens[begin : begin + chance.randint(1, 6)]
    return tokens[:begin] + part * chance.choice((2, 10, 300)) + tokens[begin:]


def _swap(tokens: list[bytes], _pages: Sequence[bytes], chance: random.Random) -> list[bytes]:
    one, other = chance.randrange(len(tokens)), chance.randrange(len(tokens))
    tokens[one], tokens[other] = tokens[other], tokens[one]
    return tokens


def _cross(tokens: list[bytes], pages: Sequence[bytes], chance: random.Random) -> list[bytes]:
    others = _TOKEN.findall(chance.choice(pages)[:MAX_BYTES])
    begin = chance.randrange(len(others) + 1)
    place = chance.randrange(len(tokens))
    return tokens[:place] + others[begin : begin + chance.randint(1, 200)] + tokens[place:]


def _bytes(tokens: list[bytes], _pages: Sequence[bytes], chance: random.Random) -> list[bytes]:
    place = chance.randrange(len(tokens))
    spoiled = bytearray(tokens[place])
    for _ in range(min(4, len(spoiled))):
        spoiled[chance.randrange(len(spoiled))] = chance.randrange(256)
    return [*tokens[:place], bytes(spoiled), *tokens[place + 1 :]]


_WAYS = (_junk, _junk, _cut, _end, _repeat, _swap, _cross, _bytes)
