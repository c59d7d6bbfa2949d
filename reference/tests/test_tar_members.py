"""Members, with everything that stands before them in the archive applied."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable

import pytest

from injector_fixtures import sparse, tar
from zarf_injector import errors
from zarf_injector.tar import members
from zarf_injector.tar.members import Kind
from zarf_injector.tar.stream import Stream


def read(*parts: bytes, end: bytes = tar.END) -> list[tuple[bytes, bytes]]:
    """Names and contents."""
    stream = Stream([tar.archive(*parts, end=end)])
    return [(member.name, b"".join(stream.pieces(member.size))) for member in members.read(stream)]


def kinds(*parts: bytes) -> list[tuple[bytes, Kind, bytes]]:
    stream = Stream([tar.archive(*parts)])
    return [(member.name, member.kind, member.linkname) for member in members.read(stream)]


class TestKinds:
    def test_are_told_by_the_type(self) -> None:
        assert kinds(
            tar.directory(b"d"),
            tar.file(b"f", b"1"),
            tar.symlink(b"s", b"f"),
            tar.hardlink(b"h", b"f"),
        ) == [
            (b"d", Kind.DIRECTORY, b""),
            (b"f", Kind.FILE, b""),
            (b"s", Kind.SYMBOLIC_LINK, b"f"),
            (b"h", Kind.HARD_LINK, b"f"),
        ]

    @pytest.mark.parametrize("type_", [b"\0", b"0", b"7"])
    def test_three_types_are_files(self, type_: bytes) -> None:
        assert read(tar.member(b"f", b"abc", typeflag=type_)) == [(b"f", b"abc")]

    def test_old_directories_end_in_a_slash(self) -> None:
        assert kinds(tar.member(b"d/", b"", typeflag=b"\0", magic=tar.V7)) == [
            (b"d/", Kind.DIRECTORY, b"")
        ]

    @pytest.mark.parametrize("type_", [b"3", b"4", b"6"])
    def test_special_files_are_refused(self, type_: bytes) -> None:
        with pytest.raises(errors.SpecialFileError, match="'dev'"):
            read(tar.member(b"dev", b"", typeflag=type_))

    @pytest.mark.parametrize("type_", [b"A", b"D", b"M", b"V", b"Z"])
    def test_vendor_types_are_passed_over_with_their_data(self, type_: bytes) -> None:
        vendor = tar.member(b"v", tar.file(b"smuggled"), typeflag=type_)

        assert read(vendor, tar.file(b"f", b"1")) == [(b"f", b"1")]

    @pytest.mark.parametrize("type_", [b"8", b"?", b"a", b"\xff"])
    def test_other_types_are_refused(self, type_: bytes) -> None:
        with pytest.raises(errors.UnknownTypeError):
            read(tar.member(b"f", b"", typeflag=type_))

    @pytest.mark.parametrize("type_", [b"1", b"2", b"5"])
    def test_only_files_have_data(self, type_: bytes) -> None:
        with pytest.raises(errors.UnexpectedDataError):
            read(tar.member(b"d", tar.file(b"smuggled"), typeflag=type_, linkname=b"l"))


class TestOverrides:
    def test_of_names(self) -> None:
        name = b"directory/" * 30

        assert read(tar.gnu_longname(name + b"g"), tar.file(b"x", b"1")) == [(name + b"g", b"1")]
        assert read(tar.pax({b"path": name + b"p"}), tar.file(b"x", b"1")) == [(name + b"p", b"1")]

    def test_of_link_names(self) -> None:
        for extension in (tar.gnu_longlink(b"t" * 300), tar.pax({b"linkpath": b"t" * 300})):
            assert kinds(extension, tar.symlink(b"s", b"x")) == [
                (b"s", Kind.SYMBOLIC_LINK, b"t" * 300)
            ]

    @pytest.mark.parametrize("claimed", [0, 1, 100_000])
    def test_of_the_size(self, claimed: int) -> None:
        assert read(
            tar.pax({b"size": b"1024"}),
            tar.header(b"f", size=claimed),
            tar.archive(tar.file(b"smuggled", b"!"), end=b""),
            tar.file(b"g", b"2"),
        ) == [(b"f", tar.file(b"smuggled", b"!")), (b"g", b"2")]

    def test_hold_for_the_next_member_only(self) -> None:
        assert read(
            tar.pax({b"path": b"p", b"size": b"1"}), tar.file(b"a", b"1"), tar.file(b"b", b"22")
        ) == [(b"p", b"1"), (b"b", b"22")]

    def test_hold_for_a_member_that_is_passed_over(self) -> None:
        assert read(
            tar.pax({b"path": b"p"}), tar.member(b"v", b"", typeflag=b"V"), tar.file(b"f", b"1")
        ) == [(b"f", b"1")]

    def test_hold_across_other_extensions(self) -> None:
        size = tar.pax({b"size": b"1"})
        between = tar.gnu_longname(b"n" * 200) + tar.pax({b"path": b"g"}, typeflag=b"g")

        assert read(size, between, tar.header(b"x", size=0), tar.padded(b"1")) == [
            (b"n" * 200, b"1")
        ]

    def test_the_last_one_counts(self) -> None:
        assert read(
            tar.pax([(b"path", b"a"), (b"path", b"b")]), tar.pax({b"path": b"c"}), tar.file(b"x")
        ) == [(b"c", b"")]

    def test_several_headers_add_up_key_by_key(self) -> None:
        data = tar.file(b"inner", b"1")
        assert read(
            tar.pax({b"path": b"n", b"size": b"1024"}),
            tar.gnu_longlink(b"unused"),
            tar.pax({b"path": b"m"}),
            tar.member(b"f", data, size=0),
        ) == [(b"m", data)]

    def test_an_empty_value_takes_back_what_was_said_before(self) -> None:
        assert read(
            tar.pax({b"path": b"n", b"size": b"9"}),
            tar.pax({b"path": b"", b"size": b""}),
            tar.file(b"f", b"12345"),
        ) == [(b"f", b"12345")]

    @pytest.mark.parametrize("type_", [b"x", b"g"])
    @pytest.mark.parametrize(
        ("keyword", "value"),
        [
            (b"size", b"5x"),
            (b"size", b"-1"),
            (b"path", b"n\0"),
            (b"linkpath", b"\0"),
            (b"path", b"n" * 4096),
        ],
    )
    def test_a_bad_record_is_refused_whether_it_counts_or_not(
        self, type_: bytes, keyword: bytes, value: bytes
    ) -> None:
        bad = tar.pax([(keyword, value), (keyword, b"1")], typeflag=type_)
        for member in (tar.file(b"f", b"1"), tar.member(b"v", b"1", typeflag=b"V")):
            with pytest.raises(errors.InjectorError, match=r"size|name"):
                read(bad, member)

    @pytest.mark.parametrize("data", [b"", b"\0", b"\0\0\0", b"a\0b", b"a\0\0b\0"])
    @pytest.mark.parametrize("type_", [b"L", b"K"])
    def test_a_long_name_has_a_text_and_one_end(self, type_: bytes, data: bytes) -> None:
        long = tar.member(tar.LONG_LINK, data, typeflag=type_, magic=tar.GNU)
        with pytest.raises(errors.MalformedNameError, match="empty or has two ends"):
            read(long, tar.file(b"f", b"1"))

    @pytest.mark.parametrize("end", [b"", b"\0", b"\0\0\0\0"])
    def test_a_long_name_ends_in_any_number_of_zero_bytes(self, end: bytes) -> None:
        long = tar.member(tar.LONG_LINK, b"long" + end, typeflag=b"L", magic=tar.GNU)
        assert read(long, tar.file(b"f", b"1")) == [(b"long", b"1")]

    def test_the_whole_name_tells_a_directory(self) -> None:
        assert kinds(
            tar.gnu_longname(b"d" * 99 + b"/f"),
            tar.member(b"d" * 99 + b"/", b"", typeflag=b"\0"),
            tar.pax({b"path": b"e/"}),
            tar.member(b"e", b"", typeflag=b"7"),
        ) == [
            (b"d" * 99 + b"/f", Kind.FILE, b""),
            (b"e/", Kind.DIRECTORY, b""),
        ]

    def test_too_many_records_are_refused(self) -> None:
        header = tar.pax(b"5 a=\n" * 200_000)
        read(header, header, tar.file(b"f", b"1"))
        with pytest.raises(errors.ExcessError, match="too many pax records"):
            read(header, header, header, tar.file(b"f", b"1"))

    def test_an_empty_value_takes_nothing_away(self) -> None:
        assert read(tar.pax({b"path": b"", b"size": b""}), tar.file(b"f", b"1")) == [(b"f", b"1")]

    def test_a_global_header_has_no_effect(self) -> None:
        assert read(
            tar.pax({b"path": b"g", b"size": b"9", b"comment": b"c"}, typeflag=b"g"),
            tar.file(b"f", b"1"),
        ) == [(b"f", b"1")]

    def test_a_zero_byte_in_a_name_is_refused(self) -> None:
        for extension in (tar.pax({b"path": b"a\0b"}), tar.gnu_longname(b"a\0b")):
            with pytest.raises(errors.MalformedNameError):
                read(extension, tar.file(b"f"))

    def test_before_nothing_is_refused(self) -> None:
        for end in (b"", bytes(512), tar.END):
            with pytest.raises(errors.DanglingHeaderError):
                read(tar.file(b"f"), tar.pax({b"path": b"p"}), end=end)

    def test_a_global_header_may_stand_before_nothing(self) -> None:
        assert read(tar.pax({b"comment": b"c"}, typeflag=b"g")) == []

    @pytest.mark.parametrize("type_", [b"x", b"g", b"L", b"K"])
    def test_a_claim_of_gigabytes_is_refused_before_reading(self, type_: bytes) -> None:
        with pytest.raises(errors.OversizedHeaderError, match="8589934591"):
            read(tar.header(b"x", typeflag=type_, size=8**11 - 1))

    def test_a_malformed_size_is_refused(self) -> None:
        with pytest.raises(errors.MalformedNumberError):
            read(tar.pax({b"size": b"-1"}), tar.file(b"f"))


class TestSparse:
    @pytest.mark.parametrize("build", [sparse.gnu, sparse.pax_0_0, sparse.pax_0_1, sparse.pax_1_0])
    def test_every_form_is_refused(self, build: Callable[..., bytes]) -> None:
        with pytest.raises(errors.SparseMemberError, match="sparse"):
            read(build(b"s", [(1024, 4)], b"data", 4096))


class TestTheEnd:
    @pytest.mark.parametrize("end", [b"", bytes(512), tar.END, bytes(5120)])
    def test_is_two_zero_blocks_or_the_end_of_the_stream(self, end: bytes) -> None:
        assert read(tar.file(b"f", b"1"), end=end) == [(b"f", b"1")]

    def test_nothing_is_read_behind_it(self) -> None:
        assert read(tar.file(b"f"), end=tar.END + tar.file(b"g") + b"garbage") == [(b"f", b"")]

    def test_is_not_one_zero_block_between_members(self) -> None:
        with pytest.raises(errors.LoneZeroBlockError, match="byte 1024"):
            read(tar.file(b"f"), bytes(512), tar.file(b"g"))

    def test_nothing_at_all_is_an_empty_archive(self) -> None:
        assert read(end=b"") == []

    def test_every_truncation_is_noticed(self) -> None:
        whole = tar.archive(tar.pax({b"path": b"p"}), tar.file(b"f", b"1" * 700), end=b"")

        for length in range(1, len(whole)):
            with pytest.raises((errors.TruncatedArchiveError, errors.DanglingHeaderError)):
                read(whole[:length], end=b"")


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_what_the_standard_library_wrote(form: int) -> None:
    files = {"a": b"", "d/b": b"1" * 512, "d/" + "c" * 90: b"2" * 513, "d/ü": b"3"}
    if form != tarfile.USTAR_FORMAT:
        files["e" * 200] = b"4" * 2000
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form) as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            info.mtime = 1_000_000_000.5 if form == tarfile.PAX_FORMAT else 0
            archive.addfile(info, io.BytesIO(content))

    assert read(buffer.getvalue(), end=b"") == [
        (name.encode(), content) for name, content in files.items()
    ]
