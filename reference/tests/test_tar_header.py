"""Header blocks and the numbers in them."""

from __future__ import annotations

import tarfile

import pytest

from injector_fixtures import tar
from zarf_injector import errors
from zarf_injector.tar import header, number


class TestNumbers:
    @pytest.mark.parametrize(
        ("field", "value"),
        [
            (b"00000000000\0", 0),
            (b"00000000017\0", 15),
            (b"777777777777", 8**12 - 1),
            (b"        17 \0", 15),
            (b"17 \0\0\0\0\0\0\0\0\0", 15),
            (b"17 \0 \0      ", 15),
            (b"011735\0 ", 0o11735),
            (bytes(12), 0),
            (b"            ", 0),
            (b"\x80" + bytes(9) + b"\1\0", 256),
            (b"\x80\0\0\0" + b"\x7f" + b"\xff" * 7, 2**63 - 1),
        ],
    )
    def test_of_every_form(self, field: bytes, value: int) -> None:
        assert number.from_field(field) == value

    @pytest.mark.parametrize(
        "field",
        [
            b"-0000000001\0",
            b"+0000000001\0",
            b"0o000000001\0",
            b"0000_000001\0",
            b"00000000008\0",
            b"0000 000001\0",
            b"0x0000000ff\0",
            b"\xff" * 12,
            b"\xff" + bytes(11),
            b"\xc0" + bytes(11),
            b"\x80\0\0\0" + b"\x80" + bytes(7),
            b"\x81" + bytes(11),
            b"\xbf" + b"\xff" * 11,
            "\u0661".encode() * 6,
            b"17\0garbage  ",
            b"0000000005\x001",
            b"\x00000000005\0",
            b"  \0 00000005",
            b"  5  5      ",
            b"\t000000005 \0",
            b"000000005\t\0\0",
            b"           \0",
            b"\0           ",
        ],
    )
    def test_what_is_no_size(self, field: bytes) -> None:
        with pytest.raises(errors.MalformedNumberError):
            number.from_field(field)

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            (b"0", 0),
            (b"007", 7),
            (b"0" * 9999 + b"7", 7),
            (b"0" * 9999, 0),
            (b"%d" % (2**63 - 1), 2**63 - 1),
        ],
    )
    def test_in_a_record(self, text: bytes, value: int) -> None:
        assert number.from_record(text) == value

    @pytest.mark.parametrize(
        "text",
        [
            b"",
            b"-1",
            b"+1",
            b" 1",
            b"1 ",
            b"5x",
            b"1_0",
            b"0x1",
            b"1.0",
            b"%d" % 2**63,
            b"9" * 9999,
        ],
    )
    def test_what_is_no_size_in_a_record(self, text: bytes) -> None:
        with pytest.raises(errors.MalformedNumberError):
            number.from_record(text)


class TestChecksum:
    def test_of_every_byte_counts(self) -> None:
        block = tar.header(b"name", size=5, linkname=b"link", uname=b"user")

        assert header.checksum_is_right(block)
        behind_the_sum = 155
        for position in set(range(len(block))) - {behind_the_sum}:
            damaged = bytearray(block)
            damaged[position] ^= 0x01
            assert not header.checksum_is_right(bytes(damaged)), position

    def test_may_be_signed(self) -> None:
        assert header.checksum_is_right(tar.with_checksum(tar.header(b"\xff\x80"), signed=True))

    def test_may_not_be_anything_else(self) -> None:
        assert not header.checksum_is_right(tar.header(b"\xff", checksum=1))
        assert not header.checksum_is_right(tar.header(b"a", checksum=b"\xff" * 8))
        assert not header.checksum_is_right(tar.header(b"a", checksum=b"notoctal"))

    def test_a_wrong_one_is_an_error_that_tells_where(self) -> None:
        with pytest.raises(errors.HeaderChecksumError, match="byte 1536"):
            header.read(b"x" * 512, 1536)

    def test_zeros_are_no_header(self) -> None:
        assert header.is_zero(bytes(512))
        assert not header.checksum_is_right(bytes(512))
        assert not header.is_zero(bytes(511) + b"\1")


class TestNames:
    def test_up_to_the_first_zero(self) -> None:
        assert header.read(tar.header(b"name\0rest"), 0).name == b"name"

    def test_that_fill_their_fields(self) -> None:
        block = tar.header(b"n" * 100, prefix=b"p" * 155, linkname=b"l" * 100, typeflag=b"2")

        head = header.read(block, 0)

        assert head.name == b"p" * 155 + b"/" + b"n" * 100
        assert head.linkname == b"l" * 100
        assert head.type == b"2"

    @pytest.mark.parametrize("magic", [tar.GNU, tar.V7])
    def test_without_a_prefix_in_other_formats(self, magic: bytes) -> None:
        assert header.read(tar.header(b"n", prefix=b"12345", magic=magic), 0).name == b"n"

    def test_as_the_standard_library_writes_them(self) -> None:
        info = tarfile.TarInfo("directory/" * 15 + "file")
        info.size = 8**11 - 1

        head = header.read(info.tobuf(tarfile.USTAR_FORMAT), 0)

        assert head.name == b"directory/" * 15 + b"file"
        assert head.size == 8**11 - 1
        assert head.type == tarfile.REGTYPE
