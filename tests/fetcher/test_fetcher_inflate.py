"""Bodies unpacked in bounded pieces, whole or refused, however their bytes arrive."""

import gzip
import random
import zlib

import brotli
import pytest

from scraper.errors import FetchError
from scraper.fetcher.inflate import PIECE, inflate, zstd

BODY = random.Random(7).randbytes(20_000) + b"The ferry left at nine. " * 20_000


def raw_deflate(body):
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    return packer.compress(body) + packer.flush()


PACKED = {
    "gzip": gzip.compress(BODY),
    "x-gzip": gzip.compress(BODY),
    "GZIP": gzip.compress(BODY),
    "deflate": zlib.compress(BODY),
    " deflate , identity": raw_deflate(BODY),
    "br": brotli.compress(BODY, quality=5),
    "zstd": zstd.compress(BODY),
    "gzip, gzip": gzip.compress(gzip.compress(BODY)),
    "br, gzip": gzip.compress(brotli.compress(BODY, quality=5)),
    "": BODY,
    "identity": BODY,
}


def unpacked(body, encoding, size=1000):
    pieces = (body[place : place + size] for place in range(0, len(body), size))
    return list(inflate(pieces, encoding))


@pytest.mark.parametrize("encoding", PACKED)
@pytest.mark.parametrize("size", [7, 4096, 10**7])
def test_a_body_is_unpacked_whole(encoding, size):
    assert b"".join(unpacked(PACKED[encoding], encoding, size)) == BODY


ZEROS = bytes(30 * PIECE)
BOMBS = {
    "gzip": gzip.compress(ZEROS),
    "deflate": zlib.compress(ZEROS),
    "br": brotli.compress(ZEROS),
    "zstd": zstd.compress(ZEROS),
    "gzip, gzip": gzip.compress(gzip.compress(ZEROS)),
}


@pytest.mark.parametrize("encoding", BOMBS)
def test_no_piece_is_larger_than_twice_its_bound(encoding):
    sizes = [len(piece) for piece in unpacked(BOMBS[encoding], encoding, 10**7)]
    assert (sum(sizes), max(sizes) <= 2 * PIECE) == (len(ZEROS), True)


CUTTABLE = ["gzip", "deflate", " deflate , identity", "br", "zstd", "gzip, gzip"]


@pytest.mark.parametrize("encoding", CUTTABLE)
@pytest.mark.parametrize("missing", [1, 4, 100])
def test_a_body_without_its_end_is_truncated(encoding, missing):
    with pytest.raises(FetchError) as caught:
        unpacked(PACKED[encoding][:-missing], encoding)
    assert caught.value.code == "truncated"


@pytest.mark.parametrize("encoding", ["deflate", "br", "zstd"])
def test_a_plain_body_under_a_label_is_bad_encoding(encoding):
    with pytest.raises(FetchError) as caught:
        unpacked(b"<p>not packed at all</p>" * 99, encoding)
    assert caught.value.code == "bad_encoding"


@pytest.mark.parametrize("size", [1, 1000])
def test_a_plain_body_labelled_gzip_is_taken_as_it_is(size):
    assert b"".join(unpacked(b"<p>plain</p>", "gzip", size)) == b"<p>plain</p>"


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
@pytest.mark.parametrize("size", [1, 1000])
def test_members_follow_each_other(encoding, size):
    pack = {"gzip": gzip.compress, "zstd": zstd.compress}[encoding]
    assert b"".join(unpacked(pack(b"one ") + pack(b"two"), encoding, size)) == b"one two"


@pytest.mark.parametrize("size", [1, 1000])
def test_zeros_after_gzip_are_left_out(size):
    assert b"".join(unpacked(gzip.compress(b"one") + bytes(99), "gzip", size)) == b"one"


def test_a_checksum_that_is_wrong_is_bad_encoding():
    packed = gzip.compress(b"one")
    with pytest.raises(FetchError) as caught:
        unpacked(packed[:-8] + bytes(4) + packed[-4:], "gzip")
    assert caught.value.code == "bad_encoding"


def test_a_window_larger_than_the_web_allows_is_bad_encoding():
    options = {zstd.CompressionParameter.window_log: 27}
    packer = zstd.ZstdCompressor(options=options)
    packed = packer.compress(BODY) + packer.flush()
    with pytest.raises(FetchError) as caught:
        unpacked(packed, "zstd")
    assert caught.value.code == "bad_encoding"


@pytest.mark.parametrize("encoding", [*CUTTABLE, ""])
def test_nothing_unpacks_to_nothing(encoding):
    assert unpacked(b"", encoding) == []


@pytest.mark.parametrize("encoding", ["gzip, gzip, gzip", "rot13", "gzip;q=1", "br, compress"])
def test_what_is_unknown_or_nested_too_deep_is_bad_encoding(encoding):
    with pytest.raises(FetchError) as caught:
        inflate(iter([b"x"]), encoding)
    assert caught.value.code == "bad_encoding"
